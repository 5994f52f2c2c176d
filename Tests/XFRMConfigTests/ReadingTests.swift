import Testing
import XFRMKit

@testable import XFRMConfig

@Suite("Reading of configurations")
struct ReadingTests {
  private static let text = """
    variables: {a: 192.0.2.1, n: 5}
    hosts: {one: {a: 192.0.2.7}}
    connections:
    - {name: "c${n}", kind: host-to-host, local: {address: "${a}"}, remote: {address: 192.0.2.2}}
    """

  private func local(host: String, _ variables: [String: String] = [:]) -> IPAddress? {
    load(["main.yaml": Self.text], host: host, variables: variables).configuration?.connections
      .first?
      .local.address
  }

  @Test("variables of a host win over those of all, those of the command line over both")
  func variables() {
    #expect(local(host: "other") == IPAddress("192.0.2.1"))
    #expect(local(host: "one") == IPAddress("192.0.2.7"))
    #expect(local(host: "one", ["a": "192.0.2.9"]) == IPAddress("192.0.2.9"))
    #expect(local(host: "one", ["a": "nowhere"]) == nil)
  }

  @Test("variables are parts of values, and $${ is no variable")
  func parts() {
    let loaded = load(["main.yaml": Self.text])
    #expect(loaded.configuration?.connections.first?.name == "c5")
    let setting = "settings: {net.x: \"$${n} ${n}${n} $n $\"}\nvariables: {n: 5}\n"
    #expect(
      load(["main.yaml": setting]).configuration?.settings.map(\.entry.value) == ["${n} 55 $n $"])
  }

  @Test("defaults are for what connections do not say")
  func defaults() throws {
    let text = """
      defaults: {proposal: aes128gcm16, mode: tunnel, strict: false}
      connections:
      - {name: a, kind: host-to-host, local: {address: 192.0.2.1}, remote: {address: 192.0.2.2}}
      - name: b
        kind: host-to-host
        local: {address: 192.0.2.1}
        remote: {address: 192.0.2.3}
        mode: transport
        strict: true
      """
    let connections = try #require(load(["main.yaml": text]).configuration).connections
    #expect(connections.map(\.proposal.name) == ["aes128gcm16", "aes128gcm16"])
    #expect(connections.map(\.mode) == [.tunnel, .transport])
    #expect(connections.map(\.isGuarded) == [false, true])
  }

  @Test("files are found beside the file that names them, and keys, too")
  func paths() throws {
    let sites = """
      include: b/more.yaml
      connections:
      - name: a
        kind: host-to-host
        local: {address: 192.0.2.1}
        remote: {address: 192.0.2.2}
        proposal: aes256-sha256
        keys:
          in: {spi: 256, key: "file:k/in"}
          out: {spi: 257, key: "file:/k/out"}
      """
    let files = [
      "/etc/x/sites/a.yaml": sites, "/etc/x/sites/b/more.yaml": "settings: {net.x: 1}\n",
    ]
    let loaded = ConfigurationFiles(host: "") { (path) throws(ConfigurationFiles.Unreadable) in
      guard let text = path == "/etc/x/main.yaml" ? "include: sites/a.yaml\n" : files[path] else {
        throw .init("No such file or directory")
      }
      return Array(text.utf8)
    }.load("/etc/x/main.yaml")
    let configuration = try #require(loaded.configuration, "\(loaded.diagnostics)")
    #expect(configuration.settings.count == 1)
    #expect(
      configuration.connections.first?.keys
        == .fixed(
          incoming: .init(spi: 256, key: .file("/etc/x/sites/k/in")),
          outgoing: .init(spi: 257, key: .file("/k/out"))))
    #expect(
      loaded.files == ["/etc/x/main.yaml", "/etc/x/sites/a.yaml", "/etc/x/sites/b/more.yaml"])
  }

  @Test("RFC 9061's numbers and names mean proposals")
  func transforms() throws {
    for cipher in Transforms.encryption where cipher.name != "null" {
      let keyBits: UInt64? = cipher.word.contains("%") ? 256 : nil
      let found = ([nil] + Transforms.integrity).compactMap {
        Transforms.proposal(cipher, keyBits: keyBits, $0)
      }
      #expect(!found.isEmpty, "\(cipher.name)")
      // Where there is one length only it may be told, and no other may.
      let lengths = [0, 128, 192, 256].filter { bits in
        ([nil] + Transforms.integrity).contains {
          Transforms.proposal(cipher, keyBits: bits, $0) != nil
        }
      }
      #expect(
        keyBits != nil || lengths == [cipher.name == "3des" ? 192 : 256],
        "\(cipher.name): \(lengths)")
      let number = found.compactMap { proposal -> UInt16? in
        switch proposal.transforms {
        case .aead(let aead, _, let bits): aead.checkValues.first { $0.bits == bits }?.ikeTransform
        case .encryptionAndAuthentication(let cipher, _, _, _): cipher.ikeTransform
        }
      }
      #expect(Set(number) == [UInt16(cipher.number)], "\(cipher.name)")
    }
    for hash in Transforms.integrity where hash.number != 0 {
      let (algorithm, bits) = try #require(Transforms.hash(hash))
      #expect(algorithm.ikeTransform(checkBits: bits).map(UInt64.init) == hash.number)
    }
  }

  @Test("counter modes with a static key are refused, by waiver a warning in every output")
  func counterModes() {
    func load(_ proposal: String, waived: Bool) -> LoadedConfiguration {
      XFRMConfigTests.load([
        "main.yaml": """
        \(waived ? "waivers: {static-counter-mode-key: a}" : "strict: true")
        connections:
        - name: a
          kind: host-to-host
          local: {address: 192.0.2.1}
          remote: {address: 192.0.2.2}
          proposal: \(proposal)
          keys: {in: {spi: 256, key: "env:A"}, out: {spi: 257, key: "env:B"}}
        """
      ])
    }
    for proposal in [
      "aes256gcm16", "aes128ccm8", "chacha20poly1305", "aes256ctr-sha256", "aes128gmac",
    ] {
      #expect(load(proposal, waived: false).configuration == nil, "\(proposal)")
      let waived = load(proposal, waived: true)
      #expect(waived.configuration?.watermarks.count == 1, "\(proposal)")
      #expect(waived.configuration?.expanded(PendingBundles()).state.watermarks.count == 1)
      #expect(
        waived.diagnostics.contains { $0.severity == .warning && $0.message.contains("waiver") })
    }
    #expect(load("aes256-sha256", waived: false).configuration?.watermarks == [])
  }

  @Test("algorithms are judged by RFC 8221", arguments: CryptoPolicy.allCases)
  func policies(_ policy: CryptoPolicy) {
    func judgement(_ proposal: String) -> CryptoPolicy.Judgement {
      let loaded = load([
        "main.yaml": """
        crypto-policy: \(policy.rawValue)
        connections:
        - {name: a, kind: host-to-host, local: {address: 192.0.2.1}, remote: {address: 192.0.2.2}, proposal: \(proposal)}
        """
      ])
      return loaded.configuration == nil
        ? .refused : loaded.diagnostics.isEmpty ? .accepted : .questionable
    }
    let expected:
      [(String, modern: CryptoPolicy.Judgement, CryptoPolicy.Judgement, CryptoPolicy.Judgement)] = [
        ("aes256gcm16", .accepted, .accepted, .accepted),
        ("aes256-sha256", .accepted, .accepted, .accepted),
        ("chacha20poly1305", .accepted, .accepted, .accepted),
        ("aes192gcm16", .refused, .accepted, .accepted),
        ("aes256-sha1", .refused, .questionable, .accepted),
        ("null-sha256", .refused, .questionable, .questionable),
        ("3des-sha256", .refused, .questionable, .questionable),
        ("des-sha256", .refused, .refused, .questionable),
        ("aes256-sha384", .refused, .questionable, .accepted),
      ]
    for (proposal, modern, usual, legacy) in expected {
      let wanted = policy == .modern ? modern : policy == .rfc8221 ? usual : legacy
      #expect(judgement(proposal) == wanted, "\(proposal)")
    }
  }

  @Test("numbers are numbers, and nothing that looks like some")
  func numbers() {
    #expect(Numbers.parse("0") == 0)
    #expect(Numbers.parse("0x1F") == 31)
    for text in ["", "+1", "-1", "1 ", "0x", "0x-1", "07", "1e3", "18446744073709551616", "٣"] {
      #expect(Numbers.parse(text) == nil, "\(text)")
    }
    #expect(Numbers.seconds("2h") == 7200)
    #expect(Numbers.seconds("2 h") == 7200)
    #expect(Numbers.seconds("300000000000000000d") == nil)
    #expect(Numbers.bytes("16777216TiB") == nil)
    #expect(Numbers.bytes("1KiB") == 1024)
  }
}
