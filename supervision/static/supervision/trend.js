/* The trend of the last weeks: lines in the colours of the page, each named at its end. */
"use strict";

(() => {
    const place = document.getElementById("trend");
    const data = document.getElementById("trend-data");
    if (!place || !data || !window.echarts) {
        return;
    }
    const LINE_HEIGHT = 18;
    const trend = JSON.parse(data.textContent);
    const chart = window.echarts.init(place, null, { renderer: "svg" });

    const colour = (name) => {
        const probe = document.createElement("i");
        probe.className = "probe";
        probe.style.color = `var(${name})`;
        place.append(probe);
        const found = getComputedStyle(probe).color;
        probe.remove();
        return found;
    };

    const line = (series) => ({
        name: series.name,
        type: "line",
        data: series.values,
        color: colour(`--line-${series.key}`),
        lineStyle: { width: 2, type: series.key === "started" ? "dashed" : "solid" },
        symbol: series.key === "overdue" ? "rect" : "circle",
        symbolSize: 6,
        endLabel: { show: true, formatter: "{a} {c}", color: colour(`--line-${series.key}`), fontSize: 13 },
        emphasis: { disabled: true },
    });

    /* Names at the line ends move apart where two lines end at nearly the same height. */
    const spread = () => {
        const last = trend.weeks.length - 1;
        let ceiling = Infinity;
        const ends = trend.series
            .map((series, place) => ({ place, y: chart.convertToPixel({ seriesIndex: place }, [last, series.values[last]])[1] }))
            .sort((a, b) => b.y - a.y);
        const offsets = [];
        ends.forEach((end) => {
            const y = Math.min(end.y, ceiling - LINE_HEIGHT);
            offsets[end.place] = y - end.y;
            ceiling = y;
        });
        chart.setOption({ series: offsets.map((shift) => ({ endLabel: { offset: [0, shift] } })) });
    };

    const draw = () => {
        const quiet = { color: colour("--ink-3"), fontSize: 13 };
        chart.setOption({
            animation: false,
            textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
            grid: { left: 8, right: 96, top: 16, bottom: 8, containLabel: true },
            tooltip: { trigger: "axis", renderMode: "richText" },
            xAxis: {
                type: "category",
                data: trend.weeks,
                boundaryGap: false,
                axisLabel: { ...quiet, margin: 14 },
                axisLine: { lineStyle: { color: colour("--rule-strong") } },
                axisTick: { show: false },
            },
            yAxis: {
                type: "value",
                minInterval: 1,
                min: 0,
                axisLabel: quiet,
                splitLine: { lineStyle: { color: colour("--rule") } },
            },
            series: trend.series.map(line),
        });
        spread();
    };

    draw();
    window.addEventListener("resize", () => {
        chart.resize();
        spread();
    });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
})();
