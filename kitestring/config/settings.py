"""The instance's settings, assembled from its surroundings (see `environment`)."""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kitestring.config import environment as env

PACKAGE = Path(__file__).resolve().parent.parent
HOME = env.home()
SECRET_KEY, CRYPTO_KEYS = env.secrets(HOME)
DEBUG = env.flag("KITESTRING_DEBUG")
DEMO = env.flag("KITESTRING_DEMO")
ALLOW_LOOPBACK = env.flag("KITESTRING_ALLOW_LOOPBACK")
CHANNEL_URLS = env.channel_urls()
PUBLIC_URL = os.environ.get("KITESTRING_URL", "http://127.0.0.1:8420").rstrip("/")
ALLOWED_HOSTS = os.environ.get("KITESTRING_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []

DOMAINS = [
    "kitestring.domains.reports",
    "kitestring.domains.analytics",
    "kitestring.domains.inbox",
    "kitestring.domains.publishing",
    "kitestring.domains.reviewing",
    "kitestring.domains.composing",
    "kitestring.domains.planning",
    "kitestring.domains.ideas",
    "kitestring.domains.channels",
    "kitestring.domains.library",
    "kitestring.domains.brands",
    "kitestring.domains.workspaces",
]
INSTALLED_APPS = [
    "kitestring.web",
    *DOMAINS,
    "kitestring.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "kitestring.web.middleware.ContentPolicy",  # outermost: an error page of any other has the policy too
    "kitestring.web.middleware.PublicScheme",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kitestring.web.middleware.PresentMember",
    "kitestring.web.middleware.OwnPages",
]
ROOT_URLCONF = "kitestring.config.urls"
WSGI_APPLICATION = "kitestring.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "pages",
        "DIRS": [
            PACKAGE / "ui" / "templates",
            PACKAGE / "web" / "templates",
            *(PACKAGE / "domains" / name.rpartition(".")[2] / "templates" for name in DOMAINS),
        ],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "kitestring.ui.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "kitestring.web.context.frame",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "libraries",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.database(os.environ.get("DATABASE_URL", "postgresql:///kitestring"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

AUTH_USER_MODEL = "workspaces.User"
AUTHENTICATION_BACKENDS = ["kitestring.web.sessions.Door"]
SESSION_ENGINE = "kitestring.web.sessions"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "kitestring.web.entrance.Entrance"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
# Behind a web server with TLS the visitor's address is the one that server adds last.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("KITESTRING_PROXIES") or PUBLIC_URL.startswith("https://"))
ACCOUNT_UNIQUE_EMAIL = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese")), ("vi", _("Vietnamese"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = None
STATICFILES_DIRS = [PACKAGE / "ui" / "static"] if (PACKAGE / "ui" / "static").exists() else []
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600
# Built files carry their hash in their name (frontend/vite.config.ts), so a browser never asks for one twice.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/ui/assets/"
ASSETS_MANIFEST = PACKAGE / "ui" / "static" / "ui" / "manifest.json"
MEDIA_ROOT = HOME / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_HANDLERS = [
    "kitestring.web.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

MAIL = env.mail(os.environ.get("KITESTRING_EMAIL_URL", ""))
EMAIL_BACKEND = os.environ.get("KITESTRING_EMAIL_BACKEND", MAIL.backend)
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = MAIL.starttls, MAIL.tls, 15
MAIL_IS_ON = not EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend"))
DEFAULT_FROM_EMAIL = os.environ.get("KITESTRING_EMAIL_FROM", "kitestring@localhost")

PROCRASTINATE_IMPORT_PATHS = [
    f"{name}.tasks"
    for name in DOMAINS
    if (PACKAGE / "domains" / name.rpartition(".")[2] / "tasks.py").exists()
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"redacted": {"()": "kitestring.config.redact.Redacted"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["redacted"]}
    },
    "root": {"handlers": ["console"], "level": os.environ.get("KITESTRING_LOG", "WARNING")},
}
