"""How to sign in to the sample region: one account for each role, one password and app for all.

The sample region holds nobody's data, so its password and the secret of its app are no secrets:
they are printed on the terminal. No account outside the sample is ever made with them, and the
accounts of the sample are refused anywhere but at the machine itself.
"""

from dataclasses import dataclass

from handoffs.parties import Role

PASSWORD = "Mihon-Iryoken-26"  # noqa: S105 - invented people; printed at every start.

TOTP_SECRET = "MIHONIRYOKENMIHONIRYOKENMIHONIRY"  # noqa: S105 - the same.
"""What an authenticator app is given, by hand, to show the codes of every sample account."""

KEEPERS = ("discharge-nurse", "psw", "care-manager", "center", "health-center")
"""Who keeps the accounts of their house."""


@dataclass(frozen=True)
class SignIn:
    """The account that stands for a role: its sign-in name, and whose it is."""

    role: Role
    name: str
    whose: str


SIGN_INS = (
    SignIn(Role.WARD_NURSE, "nurse", "見本総合病院 3階東病棟"),
    SignIn(Role.DISCHARGE_NURSE, "discharge-nurse", "見本総合病院 地域連携室"),
    SignIn(Role.SOCIAL_WORKER, "social-worker", "見本総合病院 地域連携室"),
    SignIn(Role.PSYCHIATRIC_SOCIAL_WORKER, "psw", "例示こころの病院"),
    SignIn(Role.CARE_MANAGER, "care-manager", "居宅介護支援事業所 見本1"),
    SignIn(Role.CENTER_STAFF, "center", "見本市地域包括支援センター"),
    SignIn(Role.HEALTH_OFFICER, "health-center", "見本保健所"),
)
