"""What the runner says: one calm line in Chinese and English each."""

import sys
from typing import Final

# How ``prepare_district`` tells the runner that the sample accounts may be shown.
SAMPLE_STANDS: Final = 10

ADVICE: Final = {
    "python": "需要 Python 3.11 或更高版本，现为 {found}。  "
    "Python 3.11 or newer is needed; this is {found}.",
    "package": "缺少组件 {found}，请执行 make run。  Package {found} is missing: use make run.",
    "folder": "无法写入文件夹 {found}。  Cannot write to folder {found}.",
    "second": "已有一份在运行：{found}  Another copy already runs: {found}",
    "port": "端口 {found} 已被占用，请换一个：PORT=8001 make run  "
    "Port {found} is in use; try PORT=8001 make run",
    "keys": "密钥与数据库不符，请放回原来的 var/keys.env。  "
    "The keys don't open this database: put back the var/keys.env it was made with.",
    "database": "数据库无法使用  The database can't be used: {found}",
    "failed": "准备未完成，详见上文。  Preparation failed, see above.",
    "child": "{found} 启动不了，请看日志  {found} does not start, see its log",
}

ROLES: Final = (
    ("dengta01", "街道综窗人员", "window clerk, street"),
    ("beiguan_sq01", "社区综窗人员", "window clerk, community"),
    ("canlian01", "部门审批人", "reviewer"),
    ("canlian_head", "部门负责人", "head of department"),
    ("shijian01", "执法人员", "inspector"),
    ("dengta_wg01", "网格员", "patroller"),
    ("xiaoneng01", "效能办", "supervisor"),
    ("admin", "管理员", "administrator"),
)
SAMPLE_PASSWORD: Final = "yichuang-demo"  # noqa: S105 - shown to everyone, sample only


def say(text: str) -> None:
    """One line on the terminal, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def refuse(kind: str, found: object = "") -> SystemExit:
    """The exit with one line of advice; the caller raises it."""
    return SystemExit(ADVICE[kind].format(found=found))


def say_ready(address: str, *, sample: bool, seconds: float) -> None:
    """Where to go and as whom."""
    say(f"\n  一窗已就绪（{seconds:.0f} 秒）  Yichuang is ready ({seconds:.0f} s)\n")
    for path, chinese, english in (
        ("/", "办事指南", "guides"),
        ("/admin/", "工作台", "desk of the staff"),
        ("/supervision/", "效能监察", "deadlines of the district"),
        ("/api/docs/", "接口说明", "API"),
    ):
        say(f"    {address}{path:<16}{chinese}  {english}")
    if sample:
        say(
            f"\n  示例账号（密码均为 {SAMPLE_PASSWORD}）  Sample accounts, password {SAMPLE_PASSWORD}\n"
        )
        for name, chinese, english in ROLES:
            say(f"    {name:<16}{chinese}  {english}")
    say("\n  按 Ctrl-C 停止  Ctrl-C stops everything\n")
