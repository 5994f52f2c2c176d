import TestSupport
import Testing

/// `xfrmctl export` and `xfrmctl import`.
@Suite("Export and import")
struct ExchangeCommandTests {
  /// What no other text contains.
  private static let digits = "5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e"

  static let state = """
    src 192.0.2.1 dst 192.0.2.2
    \tproto esp spi 0x00001001 reqid 7 mode tunnel
    \treplay-window 32 flag af-unspec
    \tauth-trunc hmac(sha256) 0x\(digits) 128
    \tenc cbc(aes) 0x\(digits)
    \tsel src 0.0.0.0/0 dst 0.0.0.0/0
    src 192.0.2.2 dst 192.0.2.1
    \tproto esp spi 0x00001002 reqid 7 mode tunnel
    \treplay-window 0 flag decap-dscp af-unspec
    \taead rfc4106(gcm(aes)) 0x\(digits)5ca1ab1e 128
    src 192.0.2.3 dst 192.0.2.1
    \tproto esp spi 0x00000000 reqid 0 mode tunnel
    \treplay-window 0
    src 10.1.0.0/16 dst 10.2.0.0/16
    \tdir out priority 5 ptype main
    \ttmpl src 192.0.2.1 dst 192.0.2.2
    \t\tproto esp reqid 7 mode tunnel
    src 10.2.0.0/16 dst 10.1.0.0/16 dev d0
    \tdir in priority 5 ptype main
    """

  static let configuration = """
    # Made of ip-xfrm. It has no keys: they are in files, or still to be made.
    # By waiver: sa-1002 have keys that must not be installed twice; give them
    #   fresh ones, and new SPIs.
    # By waiver: sa-1002 accept replayed packets.
    # Not taken over:
    #   policy in 10.2.0.0/16 → 10.1.0.0/16: it is for the packets of one device
    #     only
    #   ESP SA 192.0.2.3 → 192.0.2.1 SPI 0x00000000: it has a reserved SPI, or
    #     none yet
    # Taken over without:
    #   sa-1002: flags, which way its packets go, which nothing tells
    waivers:
      static-counter-mode-key: [sa-1002]
      no-anti-replay: [sa-1002]
    spd:
      - name: out-1
        direction: outbound
        reqid: 7
        traffic-selector:
          local-prefix: 10.1.0.0/16
          remote-prefix: 10.2.0.0/16
          inner-protocol: any
        processing-info:
          action: protect
          ipsec-sa-cfg:
            protocol-parameters: esp
            mode: tunnel
            tunnel:
              local: 192.0.2.1
              remote: 192.0.2.2
        strict: false
    sad:
      - name: sa-1002
        direction: inbound
        reqid: 7
        spi: 0x00001002
        mode: tunnel
        protocol-parameters: esp
        tunnel:
          local: 192.0.2.1
          remote: 192.0.2.2
        esp-sa:
          proposal: aes256gcm16
          key: file:/etc/xfrmctl/keys/sa-1002
        ext-seq-num: false
        anti-replay-window-size: 0
      - name: sa-1001
        direction: outbound
        reqid: 7
        spi: 0x00001001
        mode: tunnel
        protocol-parameters: esp
        tunnel:
          local: 192.0.2.1
          remote: 192.0.2.2
        esp-sa:
          proposal: aes256-sha256
          key: file:/etc/xfrmctl/keys/sa-1001
        ext-seq-num: false
        anti-replay-window-size: 32

    """

  @Test("what ip xfrm has printed becomes a configuration, without its keys")
  func listing() async throws {
    let outcome = try await run("import --from ip-xfrm", Self.state)
    #expect(outcome.status == 0 && outcome.output == Self.configuration, "\(outcome.output)")
    #expect(try await run("config check", outcome.output).status == 0)
  }

  @Test("what is no listing is refused by line and column, without what stands there")
  func damaged() async throws {
    let outcome = try await run(
      "import --from ip-xfrm",
      Self.state.replacing("\(Self.digits) 128", with: "\(Self.digits)0 128"))
    #expect(outcome.status == 65 && outcome.output.isEmpty)
    #expect(
      outcome.complaint
        == "xfrmctl: FILE:4:26: a key in hexadecimal digits is expected here\n")
  }

  static let site = """
    spd:
    - name: web
      direction: outbound
      reqid: 7
      traffic-selector: {local-prefix: 10.1.0.0/16, remote-prefix: 10.2.0.0/16}
      processing-info:
        action: protect
        ipsec-sa-cfg: {mode: tunnel, tunnel: {local: 192.0.2.1, remote: 192.0.2.2}}
    sad:
    - name: web-out
      direction: outbound
      reqid: 7
      spi: 0x1001
      mode: tunnel
      tunnel: {local: 192.0.2.1, remote: 192.0.2.2}
      esp-sa: {proposal: aes256-sha256, key: "file:/nowhere"}
      sa-lifetime-hard: {time: 1h}
    """

  static let document = """
    {
      "ietf-i2nsf-ikeless:ipsec-ikeless": {
        "spd": {
          "spd-entry": [
            {
              "name": "web",
              "direction": "outbound",
              "reqid": "7",
              "ipsec-policy-config": {
                "traffic-selector": {
                  "local-prefix": "10.1.0.0/16",
                  "remote-prefix": "10.2.0.0/16",
                  "inner-protocol": "any"
                },
                "processing-info": {
                  "action": "protect",
                  "ipsec-sa-cfg": {
                    "pfp-flag": false,
                    "ext-seq-num": true,
                    "stateful-frag-check": false,
                    "mode": "tunnel",
                    "protocol-parameters": "esp",
                    "esp-algorithms": {
                      "integrity": [
                        12
                      ],
                      "encryption": [
                        {
                          "id": 1,
                          "algorithm-type": 12,
                          "key-length": 256
                        }
                      ]
                    },
                    "tunnel": {
                      "local": "192.0.2.1",
                      "remote": "192.0.2.2",
                      "df-bit": "copy"
                    }
                  }
                }
              }
            }
          ]
        },
        "sad": {
          "sad-entry": [
            {
              "name": "web-out",
              "reqid": "7",
              "ipsec-sa-config": {
                "spi": 4097,
                "ext-seq-num": true,
                "seq-overflow": false,
                "anti-replay-window-size": 64,
                "traffic-selector": {
                  "local-prefix": "10.1.0.0/16",
                  "remote-prefix": "10.2.0.0/16",
                  "inner-protocol": "any"
                },
                "protocol-parameters": "esp",
                "mode": "tunnel",
                "esp-sa": {
                  "encryption": {
                    "encryption-algorithm": 12
                  },
                  "integrity": {
                    "integrity-algorithm": 12
                  }
                },
                "sa-lifetime-hard": {
                  "time": 3600
                },
                "tunnel": {
                  "local": "192.0.2.1",
                  "remote": "192.0.2.2",
                  "df-bit": "copy",
                  "bypass-dscp": true
                }
              }
            }
          ]
        }
      }
    }

    """

  @Test("a configuration becomes RFC 9061's JSON; what would be lost is refused, or left out")
  func document() async throws {
    let outcome = try await run("export --to ietf-ikeless", Self.site)
    #expect(outcome.status == 0 && outcome.output == Self.document, "\(outcome.output)")

    let marked = Self.site.replacing("reqid: 7\n  traffic", with: "reqid: 7\n  mark: 5\n  traffic")
    let refused = try await run("export --to ietf-ikeless", marked)
    #expect(refused.status == 65 && refused.output.isEmpty)
    #expect(refused.complaint.contains("web: it has a mark"))
    let lossy = try await run("export --to ietf-ikeless --lossy", marked)
    #expect(lossy.status == 0 && lossy.output.contains("\"web-out\""))
    #expect(!lossy.output.contains("\"direction\""))
  }

  @Test("and RFC 9061's JSON a configuration, without keys that it has")
  func keys() async throws {
    let pairs = stride(from: 0, to: 64, by: 2).map { _ in "5c" }.joined(separator: ":")
    let keyed = Self.document.replacing(
      "\"encryption-algorithm\": 12",
      with: "\"encryption-algorithm\": 12, \"key\": \"\(pairs)\", \"iv\": \"5c:a1:ab:1e\"")
    let outcome = try await run("import --from ietf-ikeless --keys-in /k", keyed)
    #expect(outcome.status == 0 && outcome.output.contains("proposal: aes256-sha256"))
    #expect(outcome.output.contains("key: file:/k/web-out"))
    #expect(outcome.output.contains("put it into its file"))
    #expect(!(outcome.output + outcome.complaint).contains("5c:"))
    // On one line with the error, which is found all the same.
    let broken = try await run(
      "import --from ietf-ikeless", keyed.replacing("\"iv\"", with: "\"vi\""))
    #expect(broken.status == 65 && broken.output.isEmpty)
    #expect(broken.complaint.contains("FILE:65:") && broken.complaint.contains("“vi” is no key of"))
    #expect(!broken.complaint.contains("5c:"))
  }

  @Test("words that exclude each other are wrong usage")
  func usage() async throws {
    for line in [
      "export --ours --foreign", "export a.yaml", "export --lossy", "import", "import --from x",
      "export --to ietf-ikeless --keys-to /k", "export --to ietf-ikeless --ours a.yaml",
      "export --keys-to k", "import --from ip-xfrm --keys-in k",
      "import --from ip-xfrm --keys-in /a\u{7f}",
    ] {
      #expect(try await run(line, "").status == 64, "\(line)")
    }
  }

  @Test("a folder for keys is one that references can name")
  func keyFolders() async throws {
    let spaced = try await Tool.run(["import", "--from", "ip-xfrm", "--keys-in", "/a b"])
    #expect(spaced.status == 64 && spaced.output.isEmpty)
    #expect(spaced.complaint.contains("--keys-in takes an absolute path without blanks"))
  }

  @Test("RFC 9061's SAs are for the policies of a reqid, so that one without is an error")
  func requestIDs() async throws {
    for words in ["\"name\": \"web-out\",", "\"name\": \"web-out\",\n\"reqid\": \"0\","] {
      let document = Self.document.replacing(
        "\"name\": \"web-out\",\n          \"reqid\": \"7\",", with: words)
      #expect(document != Self.document)
      let outcome = try await run("import --from ietf-ikeless", document)
      #expect(outcome.status == 65 && outcome.output.isEmpty)
      #expect(outcome.complaint.contains("“reqid” is missing or 0"))
    }
  }

  /// - Parameter input: What the file has that is named at the end; no file is if it is empty.
  func run(_ line: String, _ input: String) async throws -> Tool.Outcome {
    let words = line.split(separator: " ").map(String.init)
    guard !input.isEmpty else { return try await Tool.run(words) }
    let file = try TemporaryFile(Array(input.utf8))
    var outcome = try await Tool.run(words + [file.path])
    outcome.complaint = outcome.complaint.replacing(file.path, with: "FILE")
    return outcome
  }
}
