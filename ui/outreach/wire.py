"""Where the gateway is asked about messages. Knows no widgets."""

from tower.gateway.telling.answers import Preview, PreviewVerdict

PREVIEWS_PATH = "/v1/outreach/previews"
ACCOUNTS_PATH = "/v1/outreach/accounts"


def may_be_sent(preview: Preview) -> bool:
    """True unless the policy forbids it."""
    return preview.verdict is not PreviewVerdict.BARRED
