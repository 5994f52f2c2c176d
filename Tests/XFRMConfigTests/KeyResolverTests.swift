import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// Keys where references say that they are.
@Suite("Keys are fetched")
struct KeyResolverTests {
  private static let canary = String(repeating: "5ca1ab1e", count: 9)
  private let folder: TemporaryFolder
  private let resolver: KeyResolver

  init() throws {
    folder = try TemporaryFolder()
    resolver = KeyResolver(
      KeyDirectory(folder.file("keys")), credentials: folder.file("credentials"))
    #expect(unsafe mkdir(folder.file("credentials"), 0o700) == 0)
  }

  private func entry(
    _ key: KeyReference?, _ protection: AssociationEntry.Protection = .esp(.aes256gcm16),
    spi: SPI = 0x1001, _ direction: SecurityAssociation.Direction = .incoming
  ) -> AssociationEntry {
    let association = SecurityAssociation(
      from: .v4(1), to: .v4(2), spi: spi, mode: .tunnel)
    return AssociationEntry(ObjectName("a", "in"), direction, association, protection, key: key)
  }

  private func problem(_ entry: AssociationEntry) -> String? {
    do throws(KeyProblem) {
      _ = try resolver.key(for: entry)
      return nil
    } catch {
      #expect(!error.description.contains("5ca1ab"), "\(error)")
      return error.description
    }
  }

  @Test("from files and credentials, and only if they are as long as the algorithms take them")
  func lengths() throws {
    for (protection, bytes) in [
      (.esp(.aes256gcm16), 36), (.esp(.aes128gcm16), 20), (.esp(.aes256sha256), 64),
    ] as [(AssociationEntry.Protection, Int)] {
      let digits = String(repeating: "5c", count: bytes)
      try folder.write(Array("0x\(digits)\n".utf8), to: "key")
      try folder.write(Array(digits.utf8), to: "credentials/key")
      // systemd's lists of who may read look so.
      #expect(unsafe chmod(folder.file("credentials/key"), 0o440) == 0)
      for key in [.file(folder.file("key")), .credential("key")] as [KeyReference] {
        let material = try resolver.key(for: entry(key, protection))
        let keyed = try #require(entry(key, protection).keyed(with: material))
        let counts = [
          keyed.aead?.key.count, keyed.encryption?.key.count, keyed.authentication?.key.count,
        ]
        #expect(counts.compactMap { $0 }.reduce(0, +) == bytes)
        #expect(material.withBytes { $0[0] } == 0x5c)
        for other in [ESPProposal.aes256gcm16, .aes128gcm16, .aes256sha256]
        where .esp(other) != protection {
          let wanted = AssociationEntry.Protection.esp(other).keyBytes
          #expect(
            problem(entry(key, .esp(other)))
              == "\(key) has \(bytes) bytes, and \(other.name) takes \(wanted)")
        }
      }
    }
  }

  @Test("from the environment")
  func environment() throws {
    #expect(
      problem(entry(.environment("XFRMCTL_NOBODY_SETS_THIS")))
        == "XFRMCTL_NOBODY_SETS_THIS is not set")
    // Everybody has it, and it is no key.
    #expect(
      problem(entry(.environment("PATH"))).map {
        $0.hasPrefix("PATH has an odd number") || $0.hasPrefix("PATH does not hold a key")
          || $0 == "PATH is too long for a key"
      } == true)
  }

  @Test("none is needed for IPComp")
  func none() throws {
    let compression = try #require(CompressionAlgorithm.all.first)
    #expect(problem(entry(nil, .ipComp(compression))) == nil)
    #expect(problem(entry(nil))?.hasSuffix("takes 36") == true)
  }

  @Test("a file may be a link, but none that others can read, and no pipe")
  func files() throws {
    let path = folder.file("key")
    try folder.write(Array(Self.canary.utf8), to: "key")
    #expect(unsafe symlink(path, folder.file("link")) == 0)
    #expect(problem(entry(.file(folder.file("link")))) == nil)
    #expect(unsafe chmod(path, 0o640) == 0)
    #expect(
      problem(entry(.file(path))) == "\(path) can be read by others: chmod 600 \(path)")
    #expect(unsafe unlink(path) == 0)
    #expect(problem(entry(.file(path))) == "\(path): No such file or directory")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    #expect(problem(entry(.file(path))) == "\(path) is no regular file")
  }

  @Test("what is no key is not repeated")
  func noKeys() throws {
    for (text, reason) in [
      ("", "is empty"), (Self.canary + "0", "has an odd number of hexadecimal digits"),
      (Self.canary + "zz", "does not hold a key in hexadecimal digits"),
      (String(repeating: Self.canary, count: 100), "is too long for a key"),
    ] {
      try folder.write(Array(text.utf8), to: "key")
      #expect(problem(entry(.file(folder.file("key")))) == "\(folder.file("key")) \(reason)")
    }
    try folder.write(Array(Self.canary.utf8), to: "key")
    #expect(problem(entry(.file(folder.file("key")))) == nil)
  }

  @Test("credentials are systemd's, and nothing above their folder")
  func credentials() throws {
    try folder.write(Array(Self.canary.utf8), to: "key")
    try folder.write(Array(Self.canary.utf8), to: "credentials/key")
    #expect(problem(entry(.credential("key"))) == nil)
    for name in ["..", ".", "../key"] {
      #expect(problem(entry(.credential(name))) == "“\(name)” is no name of a credential")
    }
    let without = KeyResolver(KeyDirectory(folder.path), credentials: nil)
    #expect(throws: KeyProblem.self) { try without.key(for: entry(.credential("key"))) }
  }

  @Test("from bundles, each direction its own, and only with the SPI that belongs to it")
  func bundles() throws {
    let maker = KeyMaker(
      KeyDirectory(folder.file("keys")), peerDirectory: KeyDirectory(folder.file("peer")))
    let made = try #require(try maker.make([("a", .aes256gcm16)]).first)
    let key = KeyReference.bundle(connection: "a", generation: 1)
    #expect(
      try resolver.key(for: entry(key, spi: made.incoming.spi, .incoming)) == made.incoming.key)
    #expect(
      try resolver.key(for: entry(key, spi: made.outgoing.spi, .outgoing)) == made.outgoing.key)
    #expect(
      problem(entry(key, spi: made.incoming.spi, .outgoing))?
        .contains("has the key of SPI \(made.outgoing.spi)") == true)
    #expect(
      problem(entry(key, .esp(.aes128gcm16), spi: made.incoming.spi))
        == "generated:a#1 has 36 bytes, and aes128gcm16 takes 20; "
        + "make keys for it: xfrmctl keys new a")
    #expect(
      problem(entry(.bundle(connection: "a", generation: 2)))?
        .hasSuffix("a.2.keys: No such file or directory") == true)
  }

  @Test("of bundles that were read are those that were read, whatever has become of the files")
  func readOnce() throws {
    let directory = KeyDirectory(folder.file("keys"))
    let maker = KeyMaker(directory, peerDirectory: KeyDirectory(folder.file("peer")))
    let made = try #require(try maker.make([("a", .aes256gcm16)]).first)
    let stored = try StoredBundles(directory)
    try directory.delete("a", generation: 1)
    let wanted = entry(.bundle(connection: "a", generation: 1), spi: made.incoming.spi)
    #expect(try KeyResolver(stored).key(for: wanted) == made.incoming.key)
    #expect(throws: KeyProblem.self) { try KeyResolver(directory).key(for: wanted) }
  }
}
