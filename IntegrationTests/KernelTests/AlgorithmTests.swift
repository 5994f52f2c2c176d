import Testing
import XFRMKit

extension Kernel {
  /// The table of algorithms against what the kernel does.
  @Suite("Algorithms", Bed.needsESP)
  struct AlgorithmTests {
    @Test(
      "take keys and check values of the table's lengths and no others", arguments: Subject.present)
    func lengths(_ subject: Subject) throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let keys = subject.algorithm.keys
      var keyBytes: [Int] = []
      for count in 0...keys.longest + 1 {
        if try subject.ask(&xfrm, keyBytes: count) == .accepted { keyBytes.append(count) }
      }
      #expect(keyBytes == subject.kernelKeyBytes)
      // What the kernel takes beyond the table the constructors refuse.
      #expect(Set(keyBytes).isSuperset(of: keys.totalBytes))

      if let expected = subject.kernelCheckBits {
        var checkBits: [Int] = []
        for bits in stride(from: 8, through: (expected.last ?? 0) + 8, by: 8) {
          let answer = try subject.ask(&xfrm, keyBytes: keys.longest, checkBits: bits)
          if answer == .accepted { checkBits.append(bits) }
        }
        #expect(checkBits == expected)
      }
      #expect(try xfrm.associations().isEmpty, "asking leaves nothing")
    }

    @Test("are known by both names, and hashes cut as the table says", arguments: Subject.present)
    func names(_ subject: Subject) throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      for name in [subject.algorithm.name, subject.algorithm.shortName].compactMap({ $0 }) {
        let asked = subject.association(name, keyBytes: subject.algorithm.keys.longest)
        try xfrm.add(asked)
        let found = try xfrm.association(asked.id)
        switch subject {
        case .aead: #expect(found.aead?.name == subject.algorithm.name)
        case .encryption: #expect(found.encryption?.name == subject.algorithm.name)
        case .authentication(let hash):
          #expect(found.authentication?.name == hash.name)
          #expect(found.authentication?.truncationBits == hash.kernelCheckBits)
        }
        try xfrm.delete(asked.id)
      }
    }

    @Test("that this kernel lacks are refused by name", arguments: Subject.missing)
    func missing(_ subject: Subject) throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let error = try #require(throws: XFRMError.self) {
        try xfrm.add(
          subject.association(
            subject.algorithm.name, keyBytes: subject.algorithm.keys.longest))
      }
      #expect(error.cause == .noAlgorithm(subject.algorithm.name))
      #expect(try xfrm.associations().isEmpty)
    }

    @Test("to compress are implemented if the table has a module", arguments: compression)
    func compress(_ algorithm: CompressionAlgorithm) throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var association = SecurityAssociation(
        from: .v4(0xc000_0201), to: .v4(0xc000_0202), spi: 0x1001, proto: .ipComp, mode: .tunnel)
      association.compression = Compression(algorithm)
      if algorithm.modules.isEmpty {
        let error = try #require(throws: XFRMError.self) { try xfrm.add(association) }
        #expect(error.cause == .noAlgorithm(algorithm.name))
      } else {
        try xfrm.add(association)
        #expect(try xfrm.association(association.id).compression == Compression(algorithm))
      }
    }

    @Test("that were refused for their key say what would fit")
    func explanation() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let cmac = Subject.authentication(.aesCMAC)
      let error = try #require(throws: XFRMError.self) {
        try xfrm.add(cmac.association("cmac(aes)", keyBytes: 20))
      }
      #expect(error.cause == .keyLength("cmac(aes)", bytes: 20))
      #expect("\(error)".hasSuffix(": AES-CMAC keys are 16 bytes; this one has 20"))
      // In ESP the kernel says nothing about it.
      var esp = Subject.encryption(.aesCBC).association("cbc(aes)", keyBytes: 16)
      esp.authentication = cmac.association("cmac(aes)", keyBytes: 20).authentication
      let silent = try #require(throws: XFRMError.self) { try xfrm.add(esp) }
      #expect(silent.refusal?.explanation == nil)
      #expect(silent.cause == .keyLength("cmac(aes)", bytes: 20))
      esp.authentication = cmac.association("cmac(aes)", keyBytes: 16).authentication
      try xfrm.add(esp)
    }

    static let compression = CompressionAlgorithm.all
  }
}

/// An algorithm to ask the kernel about.
enum Subject: Sendable, CustomTestStringConvertible {
  case aead(AEADAlgorithm)
  case encryption(EncryptionAlgorithm)
  case authentication(AuthenticationAlgorithm)

  static let all =
    AEADAlgorithm.all.map { aead($0) } + EncryptionAlgorithm.all.map { encryption($0) }
    + AuthenticationAlgorithm.all.map { authentication($0) }

  /// Those that the kernel has. User-Mode Linux is asked about some only: it takes half a second to
  /// load a module.
  static let present = all.filter { subject in
    let name = subject.algorithm.name
    return !missing.contains { $0.algorithm.name == name }
      && (Bed.name != "uml" || !leftOutInUML.contains(name))
  }

  /// Those that the kernel lacks: on the beds what Debian builds no kernel with, so that a test that
  /// misses another one fails there; any other kernel is asked.
  static let missing = all.filter { subject in
    let name = subject.algorithm.name
    guard Bed.name == "host" else { return ["hmac(sm3)", "cbc(sm4)"].contains(name) }
    do {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      try xfrm.add(subject.association(name, keyBytes: subject.algorithm.keys.longest))
      return false
    } catch let error as XFRMError where error.cause == .noAlgorithm(name) {
      return true
    } catch {
      return false  // Whatever is wrong, the tests shall show it.
    }
  }

  private static let leftOutInUML: Set<String> = [
    "cbc(des)", "cbc(des3_ede)", "cbc(cast5)", "cbc(blowfish)", "cbc(twofish)", "cbc(serpent)",
    "hmac(md5)", "hmac(rmd160)",
  ]

  var algorithm: any KeyedAlgorithm {
    switch self {
    case .aead(let algorithm): algorithm
    case .encryption(let algorithm): algorithm
    case .authentication(let algorithm): algorithm
    }
  }

  var testDescription: String { algorithm.name }

  /// The table's lengths but where the kernel is less strict.
  var kernelKeyBytes: [Int] {
    switch self {
    case .encryption(.blowfishCBC): Array(4...56)
    case .encryption(.serpentCBC): Array(0...32)
    case .authentication(let hash) where hash != .aesXCBC && hash != .aesCMAC:
      Array(0...hash.keys.longest + 1)
    default: algorithm.keys.totalBytes
    }
  }

  /// Of an AEAD the table's, of a hash what it has; ciphers have none.
  var kernelCheckBits: [Int]? {
    switch self {
    case .aead(let cipher): cipher.checkValues.map { Int($0.bits) }
    case .encryption: nil
    case .authentication(let hash): Array(stride(from: 8, through: Int(hash.fullBits), by: 8))
    }
  }

  /// An SA with fresh keys; hashes get AH, as they are on their own there.
  func association(
    _ name: String, keyBytes: Int, checkBits: Int? = nil
  ) -> SecurityAssociation {
    var association = SecurityAssociation(
      from: .v4(0xc000_0201), to: .v4(0xc000_0202), spi: 0x1001, mode: .tunnel)
    let key = Secret.random(count: keyBytes)
    switch self {
    case .aead(let cipher):
      association.aead = AEAD(
        name: name, key: key, checkBits: checkBits.map { UInt32($0) } ?? cipher.checkBits)
    case .encryption:
      association.encryption = Encryption(name: name, key: key)
      association.authentication = Authentication(
        name: "hmac(sha256)", key: .random(count: 32), truncationBits: 128)
    case .authentication:
      association.proto = .ah
      association.authentication = Authentication(
        name: name, key: key, truncationBits: checkBits.map { UInt32($0) })
    }
    return association
  }

  enum Answer { case accepted, keyRefused, checkBitsRefused }

  /// Asks whether the kernel takes the algorithm so, without adding an SA: it comes with a replay
  /// window that has no room, which the kernel notices after it has set the algorithms up.
  func ask(
    _ xfrm: inout XFRMClient, keyBytes: Int, checkBits: Int? = nil
  ) throws -> Answer {
    var association = association(algorithm.name, keyBytes: keyBytes, checkBits: checkBits)
    association.extendedReplayState = ExtendedReplayState(window: 1)
    association.extendedReplayState?.bitmap = []
    let error = try #require(throws: XFRMError.self) { try xfrm.add(association) }
    switch error.cause {
    case .breach(let finding) where finding.rule.id == "S18.window-bitmap": return .accepted
    case .keyLength(algorithm.name, bytes: keyBytes): return .keyRefused
    case .truncation where checkBits != nil: return .checkBitsRefused
    case .noAlgorithm where isAEAD && checkBits != nil: return .checkBitsRefused
    default: throw error
    }
  }

  private var isAEAD: Bool { if case .aead = self { true } else { false } }
}
