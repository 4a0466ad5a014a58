import pytest

from signalbot.record.signing import DEMONSTRATION_SEED, Signer, demonstration_signer, is_signed

# RFC 8032, section 7.1, test 2: seed, public key, message and signature
SEED = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
PUBLIC_KEY = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
MESSAGE = "72"
SIGNATURE = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_a_signature_is_that_of_the_standard() -> None:
    signer = Signer.from_seed(bytes.fromhex(SEED))

    assert signer.public_key == PUBLIC_KEY
    assert signer.sign(MESSAGE) == SIGNATURE
    assert is_signed(MESSAGE, SIGNATURE, PUBLIC_KEY)


@pytest.mark.parametrize(
    ("message", "sig", "public_key"),
    [
        ("73", SIGNATURE, PUBLIC_KEY),
        (MESSAGE, SIGNATURE.replace("9", "8", 1), PUBLIC_KEY),
        (MESSAGE, SIGNATURE, demonstration_signer().public_key),
    ],
    ids=["another hash", "another signature", "another key"],
)
def test_another_hash_signature_or_key_does_not_fit(
    message: str, sig: str, public_key: str
) -> None:
    assert not is_signed(message, sig, public_key)


@pytest.mark.parametrize(
    "sig",
    [SIGNATURE.upper(), f" {SIGNATURE}", f"{SIGNATURE}\n", f"{SIGNATURE[:64]} {SIGNATURE[64:]}"],
)
def test_a_signature_has_one_spelling(sig: str) -> None:
    assert not is_signed(MESSAGE, sig, PUBLIC_KEY)


@pytest.mark.parametrize("text", ["", "no hex", "00", "é", None, b"\x00", 7])
def test_what_is_no_hex_of_the_right_length_is_no_signature_and_no_key(text: str) -> None:
    assert not is_signed(MESSAGE, text, PUBLIC_KEY)
    assert not is_signed(MESSAGE, SIGNATURE, text)


@pytest.mark.parametrize("shown", [repr, str, "{}".format, "{!r:>200}".format])
def test_a_signer_shows_its_public_key_and_never_its_secret(shown) -> None:
    seed = bytes.fromhex(SEED)

    text = shown(Signer.from_seed(seed))

    assert text.strip() == f"Signer({PUBLIC_KEY})"
    assert SEED not in text
    assert repr(seed) not in text


def test_an_error_about_a_signer_shows_no_secret_either() -> None:
    signer = Signer.from_seed(bytes.fromhex(SEED))

    with pytest.raises(ValueError, match="hex") as caught:
        signer.sign("no hex")

    assert SEED not in str(caught.value)


def test_the_demonstration_key_is_the_same_everywhere() -> None:
    assert demonstration_signer().public_key == Signer.from_seed(DEMONSTRATION_SEED).public_key
    assert demonstration_signer().sign("00" * 32) == demonstration_signer().sign("00" * 32)
