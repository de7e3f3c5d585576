"""A person who can sign in; what they are in a workspace is said by `Member`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class UserManager(BaseUserManager["User"]):
    """Makes people by e-mail; passwords are hashed by Django."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Signs in by e-mail. Rights come from memberships alone; there is no superuser."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

    @classmethod
    def register(cls, email: str, password: str) -> User:
        """Store a new person; the address is kept in small letters."""
        return cls.objects.create_user(email.strip(), password)
