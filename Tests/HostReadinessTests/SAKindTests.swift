import Testing
import XFRMKit

@testable import HostReadiness

@Suite struct SAKindTests {
  private func gcm(_ family: AddressFamily) -> SAKind { .esp(family, [.aes256gcm16]) }
  private func cbc(_ family: AddressFamily) -> SAKind { .esp(family, [.aes256sha256]) }

  @Test func asksForTunnelsBetweenDocumentationAddresses() {
    let v4 = gcm(.ipv4).sample
    #expect("\(v4.source) \(v4.destination)" == "192.0.2.1 192.0.2.2")
    let v6 = cbc(.ipv6).sample
    #expect("\(v6.source) \(v6.destination)" == "2001:db8::1 2001:db8::2")
    #expect(v4.mode == .tunnel && v6.mode == .tunnel)
    #expect(v4.proto == .esp && v6.proto == .esp)
  }

  @Test func asksForTheRealAlgorithms() {
    let gcm = gcm(.ipv4).sample
    #expect(gcm.aead?.name == "rfc4106(gcm(aes))")
    #expect(gcm.aead?.key.count == 36)
    let cbc = cbc(.ipv4).sample
    #expect(cbc.encryption?.name == "cbc(aes)")
    #expect(cbc.authentication?.name == "hmac(sha256)")
    #expect(cbc.authentication?.truncationBits == 128)
  }

  @Test func whatIsAsAskedHasNoDifference() {
    let asked = cbc(.ipv4).sample
    #expect(asked.difference(from: asked) == nil)
  }

  struct Change: Sendable {
    var word: String
    var make: @Sendable (inout SecurityAssociation) -> Void
  }

  @Test(arguments: [
    Change(word: "mode") { $0.mode = .transport },
    Change(word: "SPI") { $0.spi = 0x2000 },
    Change(word: "source") { $0.source = .v4(1) },
    Change(word: "destination") { $0.destination = .v4(1) },
    Change(word: "request ID") { $0.requestID = 2 },
    Change(word: "replay window") { $0.replayWindow = 0 },
    Change(word: "AH") { $0.proto = .ah },
    Change(word: "cipher") { $0.encryption?.name = "cbc(des)" },
    Change(word: "cipher") { $0.encryption = nil },
    Change(word: "hash") { $0.authentication?.truncationBits = 96 },
    Change(word: "key") { $0.authentication?.key = .random(count: 32) },
    Change(word: "key") { $0.encryption?.key = .random(count: 16) },
    Change(word: "key") { $0.encryption?.key = Secret([UInt8](repeating: 0, count: 31).span) },
  ])
  func noticesDifferences(change: Change) {
    let asked = cbc(.ipv4).sample
    var found = asked
    change.make(&found)
    let difference = found.difference(from: asked)
    #expect(difference?.contains(change.word) == true, "\(difference ?? "no difference")")
  }

  @Test func noticesAnotherAuthenticatedCipher() {
    let asked = gcm(.ipv4).sample
    var found = asked
    found.aead?.checkBits = 64
    #expect(found.difference(from: asked) == "another authenticated cipher")
    found = asked
    found.aead?.key = .random(count: 36)
    #expect(found.difference(from: asked) == "another key")
  }

  @Test func zerosStandForKeysThatAKernelDoesNotShow() {
    let asked = cbc(.ipv4).sample
    var found = asked
    found.encryption?.key = Secret([UInt8](repeating: 0, count: 32).span)
    found.authentication?.key = Secret([UInt8](repeating: 0, count: 32).span)
    #expect(found.difference(from: asked) == nil)
  }

  @Test func privilegesAreNotTheKernelsDenial() {
    let kind = gcm(.ipv4)
    let denied = XFRMError(
      .addAssociation(kind.sample), .refused(KernelRefusal(errno: .notPermitted)))
    #expect(ProbeOutcome.refused(denied).denial == nil)
    #expect(ProbeOutcome.refused(XFRMError("x", .timedOut)).denial == nil)
    let refused = kind.refusal(.protocolNotSupported, "Requested type not found")
    #expect(ProbeOutcome.refused(refused).denial == refused)
  }
}
