import Testing

@testable import IPRoute2

/// Command lines that iproute2 was seen to take, odd as they are, and to refuse.
@Suite("Oddities seen in iproute2")
struct GrammarQuirkTests {
  private static let aead = "aead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0f10111213"
  private static let ends = "src 10.0.0.1 dst 10.0.0.10 proto esp"

  @Test(
    "are taken",
    arguments: [
      "\(ends) spi 0x21 mode tunnel enc cbc(aes) 0x00 auth hmac(sha1) 0XAABB",
      "\(ends) spi 0x22 mode tunnel enc cbc(aes) 0x00 auth hmac(sha1) 0x",
      "src 010.0.0.1 dst 10.2 proto esp spi 0x23 reqid +5 mode tun \(aead) 128",
      "\(ends) spi 0x24 reqid -18446744073709551614 mode tunnel \(aead) 128",
      "src 10.0.0.1/8 dst 10.0.0.9/24 proto esp spi 0x25 \(aead) 128",
      "dst 10.0.0.10 proto esp spi 0x27 mode tunnel \(aead) 128",
      "\(ends) spi 0 mode tunnel \(aead) 128", "\(ends) spi 0x29 mode tunnel \(aead) 1000",
      "\(ends) spi 0x2c mode tunnel enc cbc(aes) 0x00", "\(ends) spi 0x2d \(aead) 128",
      "\(ends) spi 0x31 \(aead) 128 dir in", "\(ends) spi 0x32 \(aead) 128 pcpu-num 1",
      "\(ends) spi 0x33 \(aead) 128 offload packet dev lo dir in",
      "proto esp \(aead) 128 sel mode tunnel", "proto esp \(aead) 128 limit byte-hard -1",
    ])
  func taken(rest: String) {
    #expect(throws: Never.self) { try command("state add \(rest)") }
  }

  @Test(
    "are refused",
    arguments: [
      (
        "src any dst 10.0.0.9 proto esp spi 0x26 \(aead) 128",
        255,
        "Error: argument \"any\" is wrong: value after \"src\" has an unrecognized address family"
      ),
      (
        "src 10.0.0.1 dst 10.0.0.10 proto 50 spi 0x28 \(aead) 128",
        255, "Error: argument \"50\" is wrong: XFRM-PROTO value is invalid"
      ),
      ("\(ends) spi 1 \(aead) 128 flag esn", 255, "Error: esn flag set without replay-window."),
      (
        "\(ends) spi 1 \(aead) 128 replay-window 4097",
        255, "Error: replay-window (4097) > XFRMA_REPLAY_ESN_MAX (4096)."
      ),
      (
        "\(ends) spi 1 \(aead) 128 offload dev nosuch dir in",
        255, "Error: argument \"nosuch\" is wrong: value after \"offload dev\" is invalid"
      ),
      (
        "\(ends) spi 1 \(aead) 128 limit time-hard 1h",
        255, "Error: argument \"1h\" is wrong: value after \"time-hard\" is invalid"
      ),
      (
        "src 10.0.0.1 dst fd00::1 proto esp spi 0x35 mode tunnel \(aead) 128", 255,
        "Error: argument \"0x35\" is wrong: "
          + "the same address family is required between values after \"src\" and \"dst\""
      ),
      ("mode tunnel", 1, "Not enough information: ID is required"),
      ("bogus", 255, "Error: argument \"XFRM-PROTO\" is required"),
      (
        "\(ends) enc a 0x01 aead b 0x01 128", 255,
        "Error: duplicate \"ALGO-TYPE\": \"aead\" is the second value."
      ),
      (
        "\(ends) \(aead) 128 extra-flag 0xzz", 255,
        "Error: argument \"0xzz\" is wrong: \"EXTRA-FLAG\" is invalid"
      ),
      (
        "\(ends) \(aead) 128 sel proto gre key 1.2.3.500", 1,
        "Error: an IP address is expected rather than \"1.2.3.500\""
      ),
      ("\(ends) \(aead) 128 sel proto gre key x", 255, "value after \"key\" is invalid"),
      (
        "\(ends) \(aead) 128 encap espinudp 1 1 1.1.1.500", 1,
        "Error: any valid address is expected rather than \"1.1.1.500\"."
      ),
      (
        "\(ends) \(aead) 128 sel src fd00::/8 coa 10.0.0.1", 1,
        "Error: inet6 prefix is expected rather than \"10.0.0.1\"."
      ),
    ] as [(String, Int32, String)])
  func refused(rest: String, status: Int32, text: String) {
    let error = refusal("state add \(rest)")
    #expect(error?.exitStatus == status)
    #expect(error?.text == text)
  }

  @Test(
    "of policies are refused",
    arguments: [
      ("dir out tmpl mode tunnel priority 5", 255, "Error: argument \"XFRM-PROTO\" is required"),
      (
        "dir out tmpl proto esp level x", 255,
        "Error: argument \"x\" is wrong: LEVEL value is invalid"
      ),
      (
        "dir out tmpl src fd00::1 dst fd00::2 proto esp mode tunnel src 1.1.1.1", 1,
        "Error: inet6 prefix is expected rather than \"1.1.1.1\"."
      ),
      (
        "dir out" + String(repeating: " tmpl proto esp", count: 17), 1,
        "Too many tmpls: buffer overflow"
      ),
      (
        "dir out src 10.0.0.0/8 dst 10.0.0.0/8 sport 65536", 255,
        "Error: argument \"65536\" is wrong: value after \"sport\" is invalid"
      ),
    ] as [(String, Int32, String)])
  func refusedPolicies(rest: String, status: Int32, text: String) {
    let error = refusal("policy add \(rest)")
    #expect(error?.exitStatus == status)
    #expect(error?.text == text)
  }
}
