"""Django's settings, all from ``config.environment``."""

from datetime import timedelta

from csp.constants import NONE, SELF

from config import environment
from config.logs import configure_structlog, logging_config
from config.queue import beat_schedule, broker_options, broker_url
from config.versions import VERSION

BASE_DIR = environment.BASE_DIR
ENV = environment.load()
VAR_DIR = ENV.var_dir.resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)
PRODUCTION = ENV.production
HTTPS = PRODUCTION and ENV.tls
REDIS_URL = ENV.redis_url.get_secret_value()

# --- keys -----------------------------------------------------------------------------
SECRET_KEY = ENV.secret_key.get_secret_value()
FIELD_MASTER_KEYS = ENV.master_keys()
INDEX_KEY = ENV.key_bytes("index_key")
CHAIN_KEY = ENV.key_bytes("chain_key")
ANCHOR_DIR = ENV.anchor_dir or VAR_DIR / "anchors"
FONT_DIR = ENV.font_dir
PUBLIC_URL = ENV.address()

# --- the house ------------------------------------------------------------------------
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.hosts() or ["127.0.0.1", "localhost", "[::1]", ENV.bind]
CSRF_TRUSTED_ORIGINS = [part for part in ENV.csrf_trusted_origins.split(",") if part.strip()]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

HOUSE_APPS = [
    "organisations.apps.OrganisationsConfig",
    "documents.apps.DocumentsConfig",
    "notifications.apps.NotificationsConfig",
    "deadlines.apps.DeadlinesConfig",
    "catalogue.apps.CatalogueConfig",
    "intake.apps.IntakeConfig",
    "inspections.apps.InspectionsConfig",
    "approvals.apps.ApprovalsConfig",
    "supervision.apps.SupervisionConfig",
    "sample.apps.SampleConfig",
]
INSTALLED_APPS = [
    # First, so that our templates and our ``flush`` win.
    "common.apps.CommonConfig",
    "common.apps.CommonAdminConfig",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *HOUSE_APPS,
    "config",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "axes",
    "csp",
    "django_htmx",
    "health_check",
    "django_prometheus",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.PlainAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.RollingSessionMiddleware",
    "config.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.QuietRequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last: it answers a locked-out login in place of the view.
    "axes.middleware.AxesMiddleware",
]
if ENV.trusted_proxy:
    MIDDLEWARE = ["config.middleware.TrustedProxyMiddleware", *MIDDLEWARE]
if ENV.metrics:
    MIDDLEWARE = [
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        *MIDDLEWARE,
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- database, cache, files -----------------------------------------------------------
DATABASES = {"default": ENV.database()}
CACHES = {
    "default": {
        "BACKEND": "common.cache.PatientCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/never-served/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
UPLOAD_LIMIT_BYTES = ENV.upload_limit_mb * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A checklist of 47 items with four fields each, or the rows of an import preview.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- language and time ----------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
# Statutory days are days in China; this is law, not taste, so no variable moves it.
TIME_ZONE = "Asia/Shanghai"

# --- who is it ------------------------------------------------------------------------
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "organisations.backends.OneLookBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "admin:login"
SESSION_COOKIE_AGE = ENV.session_minutes * 60
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "common/locked_out.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- what a browser may do ------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.trusted_proxy else None
# W021 asks for the browsers' public preload list, which is no place for a government intranet;
# without TLS (a closed network, said so by TLS=0) the others can't be had.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if PRODUCTION and not ENV.tls:
    SILENCED_SYSTEM_CHECKS += [f"security.{check}" for check in ("W004", "W008", "W012", "W016")]

# --- ways out of the house ------------------------------------------------------------
NOTIFICATION_CHANNELS = ENV.channels()

# --- API ------------------------------------------------------------------------------
KNOX_TOKEN_MODEL = "organisations.ClientToken"  # noqa: S105
REST_KNOX = {
    "TOKEN_MODEL": KNOX_TOKEN_MODEL,
    "TOKEN_TTL": timedelta(days=365),
    "AUTO_REFRESH": False,
    "AUTH_HEADER_PREFIX": "Token",
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "organisations.api.authentication.ClientTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "common.api.parsers.PlainJSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "common.api.pagination.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "common.api.errors.problem_response",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "一窗 Yichuang",
    "DESCRIPTION": "Guides, applications and progress of one district's government services.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Several tables have a ``kind`` or a ``state``; a client's generated code needs steady names.
    "ENUM_NAME_OVERRIDES": {
        "ItemKindEnum": "catalogue.choices.Kind",
        "ItemLevelEnum": "catalogue.choices.Level",
        "MaterialKindEnum": "catalogue.choices.MaterialKind",
        "ApplicantKindEnum": "intake.choices.ApplicantKind",
        "CaseStateEnum": "intake.choices.CaseState",
        "CaseResultEnum": "intake.choices.CaseResult",
        "ClockStateEnum": "deadlines.choices.ClockState",
        "CardStateEnum": "supervision.choices.CardState",
        "CardSourceEnum": "supervision.choices.CardSource",
    },
    # Without these two Swagger fetches itself and its icon from public networks.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": False, "validatorUrl": None},
}

# --- background -----------------------------------------------------------------------
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(REDIS_URL, VAR_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0, "interval_step": 0.1}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = beat_schedule()
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_MAX_LOOP_INTERVAL = 5

# --- import / export ------------------------------------------------------------------
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

# --- figures and logs -----------------------------------------------------------------
METRICS = ENV.metrics
PROMETHEUS_EXPORT_MIGRATIONS = False
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = 20
LOGGING = logging_config(level=ENV.log_level, as_json=PRODUCTION)
configure_structlog()
