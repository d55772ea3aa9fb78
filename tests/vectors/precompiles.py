"""Inputs of the precompiled contracts. What comes of them is not written here."""

import hashlib

from cryptography.hazmat.primitives.asymmetric import ec
from ethereum.crypto.hash import keccak256
from ethereum_spec_tools.evm_tools.utils import secp256k1_sign
from py_ecc import bls12_381 as bls, bn128 as bn

from asm import word


def ecrecover():
    digest = keccak256(b"message")
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    r, s, parity = map(int, secp256k1_sign(digest, 0xA11CE))
    fields = lambda v, r, s: digest + word(v) + word(r) + word(s)
    good = fields(27 + parity, r, s)
    yield from (good, good + b"more", good[:-1], good[:64], b"", b"\xff" * 128, b"\0" * 128)
    yield fields(28 - parity, r, s)
    yield fields(28 - parity, r, order - s)
    for v in (0, 1, 26, 29, 27 << 8, (1 << 255) + 27):
        yield fields(v, r, s)
    for bad in (0, 1, order - 1, order, order + 1, (1 << 256) - 1):
        yield fields(27, bad, s)
        yield fields(27, r, bad)


def bytes_of_any_length():
    for size in (0, 1, 31, 32, 33, 55, 56, 64, 65, 127, 128, 1_000):
        yield bytes(n % 251 for n in range(size))


def modexp():
    def fields(base, exponent, modulus, lengths=None):
        sizes = lengths or [len(base), len(exponent), len(modulus)]
        return b"".join(map(word, sizes)) + base + exponent + modulus

    prime = word((1 << 256) - (1 << 32) - 977)
    yield fields(b"\3", word((1 << 256) - (1 << 32) - 978), prime)
    yield fields(b"", word((1 << 256) - (1 << 32) - 978), prime)
    yield fields(b"\3", b"\xff\xff", b"\x80" + b"\0" * 31, [1, 2, 32])
    yield fields(b"\3", b"\xff\xff", b"\x80", [1, 2, 32])
    yield from (b"", b"\0" * 96, word(1), word(0) + word(1) + word(1))
    for base, exponent, modulus in ((2, 10, 1_000), (2, 10, 1), (2, 10, 0), (0, 0, 7), (0, 0, 1), (0, 5, 7), (5, 0, 7), (7, 1, 7), (2, 1, 256)):
        yield fields(word(base), word(exponent), word(modulus))
        yield fields(bytes([base]), bytes([exponent]), bytes([modulus % 256]))
    for size in (8, 9, 31, 33, 64, 65, 128, 255, 256, 512, 1_023, 1_024, 1_025):
        base, modulus = bytes((7 * n + 1) % 256 for n in range(size)), bytes((11 * n + 3) % 256 for n in range(size))
        yield fields(base, b"\3", modulus)
        yield fields(base, b"\x01\x00\x01", modulus[:-1] + b"\x10")
    for exponent in (b"\0" * 33, b"\0" * 32 + b"\2", b"\1" + b"\0" * 32, b"\xff" * 40, b"\0" * 30 + b"\xff" * 10, b"\x01" * 70):
        yield fields(b"\x05" * 16, exponent, b"\xfb" * 16)
    for huge in (1_025, 1 << 20, 1 << 32, 1 << 64, 1 << 255):
        for lengths in ([huge, 1, 1], [1, huge, 1], [1, 1, huge], [0, huge, 0], [huge, 0, 0]):
            # More than a thousand bytes are only asked for where nobody can pay for them or nothing is laid out.
            if huge > 1 << 20 or lengths[1] == huge or huge == 1_025:
                yield fields(b"\1", b"\1", b"\3", lengths)


def root(number, p):
    """A square root if there is one; p is 3 modulo 4."""
    found = pow(number, (p + 1) // 4, p)
    return found if found * found % p == number % p else None


def root2(a, b, p):
    """A square root of a + bi."""
    length = root(a * a + b * b, p)
    for half in (pow(2, -1, p) * (a + sign * (length or 0)) % p for sign in (1, -1)):
        real = root(half, p)
        if length is not None and real:
            return real, b * pow(2 * real, -1, p) % p
    return None


def strays(p, b, b2):
    """Points on the curve and its twist that are (nearly certainly) not in the subgroup: the first that there are."""
    first = next((x, y) for x in range(1, 99) if (y := root(x**3 + b, p)))
    second = None
    for x in range(1, 99):
        square = x**3 + int(b2.coeffs[0]), int(b2.coeffs[1])
        if found := root2(square[0] % p, square[1] % p, p):
            second = ((x, 0), found)
            break
    return first, second


def coordinates(point):
    return tuple(int(c) for c in point) if len(point) == 2 and not hasattr(point[0], "coeffs") else tuple(tuple(int(c) for c in x.coeffs) for x in point)


BN_P, BLS_P = bn.field_modulus, bls.field_modulus
BN_1, BLS_1 = coordinates(bn.G1), coordinates(bls.G1)
BN_2, BLS_2 = coordinates(bn.G2), coordinates(bls.G2)
_, BN_STRAY2 = strays(BN_P, 3, bn.b2)
BLS_STRAY1, BLS_STRAY2 = strays(BLS_P, 4, bls.b2)


def bn_1(x, y):
    return word(x) + word(y)


def bn_2(x, y):
    # The imaginary part first (EIP-197).
    return b"".join(word(c) for pair in (x, y) for c in reversed(pair))


def bn_points():
    x, y = BN_1
    double = coordinates(bn.double(bn.G1))
    return [bn_1(0, 0), bn_1(x, y), bn_1(*double), bn_1(x, BN_P - y), bn_1(x, y + 1), bn_1(x + BN_P, y), bn_1(BN_P, 0), bn_1(0, BN_P), bn_1(1, 1), b"\xff" * 64]


def bn_add():
    points = bn_points()
    yield from (a + b for a in points[:5] for b in points)
    yield from (b"", points[1], points[1][:63], points[1] + points[1] + b"\1", points[1] + points[1][:40], b"\0" * 200)


def bn_mul():
    order = bn.curve_order
    for point in bn_points():
        yield from (point + word(scalar) for scalar in (0, 1, 2, order - 1, order, order + 1, (1 << 256) - 1, 1 << 128))
    yield from (b"", bn_points()[1], bn_points()[1] + b"\1", bn_points()[2] + word(9) + b"\7")


def bn_pairing():
    one, minus = bn_1(*BN_1), bn_1(BN_1[0], BN_P - BN_1[1])
    two = bn_2(*BN_2)
    yield from (b"", one + two, one + two + minus + two, b"\0" * 192, one + b"\0" * 128, b"\0" * 64 + two)
    yield one + two + minus + bn_2(*coordinates(bn.double(bn.G2)))
    yield bn_1(*coordinates(bn.double(bn.G1))) + two + minus + bn_2(*coordinates(bn.double(bn.G2)))
    yield from ((one + two)[:191], one + two + b"\0", one)
    yield one + bn_2(BN_2[0], BN_2[0])
    yield one + bn_2(*BN_STRAY2)
    yield bn_1(0, 0) + bn_2(*BN_STRAY2)
    yield one + bn_2((BN_2[0][0] + BN_P, BN_2[0][1]), BN_2[1])
    yield bn_1(1, 3) + two
    yield bn_1(BN_P, 0) + two


def blake2f():
    state = bytes.fromhex(
        "48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b"
    )
    block = b"abc".ljust(128, b"\0")
    fields = lambda rounds, flag: rounds.to_bytes(4, "big") + state + block + b"\3" + b"\0" * 15 + bytes([flag])
    for rounds in (0, 1, 2, 11, 12, 13, 255):
        yield from (fields(rounds, flag) for flag in (0, 1, 2))
    good = fields(12, 1)
    yield from (b"", good[1:], good + b"\0", good[:-1], fields(12, 255), fields(0xFFFFFFFF, 1), fields(12, 1)[:68] + b"\xff" * 144 + b"\1")


def versioned(commitment):
    return b"\1" + hashlib.sha256(commitment).digest()[1:]


def point_evaluation():
    modulus = bls.curve_order
    infinity = b"\xc0" + b"\0" * 47
    sign = 0x20 if BLS_1[1] > BLS_P // 2 else 0
    generator = bytes([0x80 | sign | BLS_1[0] >> 376]) + (BLS_1[0] % (1 << 376)).to_bytes(47, "big")
    # A polynomial that is constant is its own value everywhere, and its proof is the point at infinity.
    fields = lambda z, y, c, proof, digest=None: (digest or versioned(c)) + word(z) + word(y) + c + proof
    yield fields(5, 1, generator, infinity)
    yield fields(5, 0, infinity, infinity)
    yield fields(modulus - 1, 1, generator, infinity)
    yield from (fields(5, 2, generator, infinity), fields(5, 1, generator, generator))
    yield from (fields(modulus, 1, generator, infinity), fields(5, modulus, generator, infinity), fields(5, modulus + 1, generator, infinity))
    yield fields(5, 1, generator, infinity, b"\2" + versioned(generator)[1:])
    yield fields(5, 1, generator, infinity, b"\0" * 32)
    yield from (b"", fields(5, 1, generator, infinity)[:-1], fields(5, 1, generator, infinity) + b"\0")
    for bad in (b"\0" * 48, b"\xff" * 48, b"\x80" + b"\0" * 47, bytes([generator[0] & 0x7F]) + generator[1:], b"\xc0" + b"\0" * 46 + b"\1"):
        yield fields(5, 1, bad, infinity)
        yield fields(5, 1, generator, bad)


def fp(number):
    return number.to_bytes(64, "big")


def bls_1(x, y):
    return fp(x) + fp(y)


def bls_2(x, y):
    return b"".join(fp(c) for pair in (x, y) for c in pair)


def bls_points_1():
    """Points that everyone takes, the one outside the subgroup, and some that nobody takes."""
    x, y = BLS_1
    good = [bls_1(0, 0), bls_1(x, y), bls_1(x, BLS_P - y), bls_1(*coordinates(bls.double(bls.G1)))]
    bad = [bls_1(x, y + 1), bls_1(x + BLS_P, y), bls_1(0, 1), b"\1" + bls_1(x, y)[1:], b"\xff" * 128]
    return good, bls_1(*BLS_STRAY1), bad


def bls_points_2():
    x, y = BLS_2
    good = [bls_2((0, 0), (0, 0)), bls_2(x, y), bls_2(x, tuple(BLS_P - c for c in y)), bls_2(*coordinates(bls.double(bls.G2)))]
    bad = [bls_2(x, (y[0] + 1, y[1])), bls_2((x[0] + BLS_P, x[1]), y), bls_2(x, x), b"\1" + bls_2(x, y)[1:], b"\xff" * 256]
    return good, bls_2(*BLS_STRAY2), bad


def bls_add(points):
    good, stray, bad = points()
    yield from (a + b for a in (*good, stray) for b in (*good, stray))
    yield from (good[1] + point for point in bad)
    yield from (bad[0] + good[0], b"", good[1], (good[1] * 2)[:-1], good[1] * 2 + b"\0")


def bls_msm(points):
    good, stray, bad = points()
    order = bls.curve_order
    yield from (good[1] + word(scalar) for scalar in (2, 0, 1, order - 1, order, order + 1, (1 << 256) - 1))
    yield good[0] + word(5)
    yield b"".join(point + word(7 * n) for n, point in enumerate(good))
    yield good[1] + word(3) + good[2] + word(3)
    yield from (good[3] + word(2) + point + word(1) for point in (stray, *bad))
    yield from (b"", good[1], (good[1] + word(2))[:-1], good[1] + word(2) + b"\0")
    yield (good[1] + word(1)) * 17


def bls_pairing():
    (none, one, minus, double), stray, bad = bls_points_1()
    (none_2, two, _, double_2), stray_2, bad_2 = bls_points_2()
    yield from (one + two, one + two + minus + two, none + none_2, none + two, one + none_2, double + two + minus + double_2)
    yield from (stray + two, one + stray_2, stray + none_2, none + stray_2)
    yield from (point + two for point in bad)
    yield from (one + point for point in bad_2)
    yield from (b"", (one + two)[:-1], one + two + b"\0", one)


def bls_map(fields):
    for number in (0, 1, 2, BLS_P // 2, BLS_P - 1, BLS_P, (1 << 381) - 1, 1 << 384, (1 << 512) - 1):
        yield b"".join(fp((number + n) % (1 << 512)) for n in range(fields))
    good = fp(7) * fields
    yield from (b"", good[:-1], good + b"\0", good * 2)


def p256():
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    p = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
    of = lambda key: ec.derive_private_key(key, ec.SECP256R1()).public_key().public_numbers()
    key, nonce = 0xA11CE, 0xB0B
    digest = hashlib.sha256(b"message").digest()
    r, public = of(nonce).x % order, of(key)
    s = pow(nonce, -1, order) * (int.from_bytes(digest, "big") + r * key) % order
    fields = lambda r, s, x, y, digest=digest: digest + word(r) + word(s) + word(x) + word(y)
    good = fields(r, s, public.x, public.y)
    yield from (good, fields(r, order - s, public.x, public.y), fields(r, s, public.x, p - public.y))
    yield from (b"", good[:-1], good + b"\0", good * 2, b"\0" * 160, b"\xff" * 160)
    yield fields(r, s, public.x, public.y, b"\0" * 32)
    for bad in (0, order, order + 1, order - 1, r + order if r + order < 1 << 256 else (1 << 256) - 1):
        yield from (fields(bad, s, public.x, public.y), fields(r, bad, public.x, public.y))
    for x, y in ((0, 0), (public.x, public.y + 1), (p, public.y), (public.x, p), (public.x + p if public.x + p < 1 << 256 else p + 1, public.y), (public.y, public.x)):
        yield fields(r, s, x, y)


# Address, first fork, inputs.
INPUTS = [
    (0x01, "Frontier", list(ecrecover())),
    (0x02, "Frontier", list(bytes_of_any_length())),
    (0x03, "Frontier", list(bytes_of_any_length())),
    (0x04, "Frontier", list(bytes_of_any_length())),
    (0x05, "Byzantium", list(modexp())),
    (0x06, "Byzantium", list(bn_add())),
    (0x07, "Byzantium", list(bn_mul())),
    (0x08, "Byzantium", list(bn_pairing())),
    (0x09, "Istanbul", list(blake2f())),
    (0x0A, "Cancun", list(point_evaluation())),
    (0x0B, "Prague", list(bls_add(bls_points_1))),
    (0x0C, "Prague", list(bls_msm(bls_points_1))),
    (0x0D, "Prague", list(bls_add(bls_points_2))),
    (0x0E, "Prague", list(bls_msm(bls_points_2))),
    (0x0F, "Prague", list(bls_pairing())),
    (0x10, "Prague", list(bls_map(1))),
    (0x11, "Prague", list(bls_map(2))),
    (0x100, "Osaka", list(p256())),
]
