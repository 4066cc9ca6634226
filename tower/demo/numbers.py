"""Telephone numbers and e-mail addresses that can belong to nobody."""


def customer_number(number: int) -> str:
    """One of the 10,000 French mobile numbers kept for films (ARCEP: 06 39 98 00 00 to 99 99)."""
    return f"+3363998{number % 10_000:04d}"


def mobile_number(number: int) -> str:
    """One of the 1,000 British mobile numbers kept for drama (Ofcom: 07700 900000 to 900999)."""
    return f"+447700900{number % 1_000:03d}"


_GERMAN = ("+493023125", "+496990009", "+494066969", "+492214710", "+498999998")


def masked_number(number: int) -> str:
    """One of the 5,000 German numbers kept for films.

    Bundesnetzagentur: (0)30 23125, (0)69 90009, (0)40 66969, (0)221 4710 and (0)89 99998, each
    followed by 000 to 999.
    """
    town, line = divmod(number % 5_000, 1_000)
    return f"{_GERMAN[town]}{line:03d}"


def mail_address(name: str) -> str:
    """An address in a domain kept for examples (RFC 2606)."""
    return f"{name.lower().replace(' ', '.')}@example.org"
