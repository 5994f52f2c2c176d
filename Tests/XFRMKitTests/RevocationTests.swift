import Testing

@testable import XFRMKit

@Suite("What can be taken back")
struct RevocationTests {
  private func addition(_ spi: SPI, _ proto: IPProtocol = .esp) -> XFRMKit.Operation {
    .addAssociation(
      SecurityAssociation(from: .v6(1, 1), to: .v6(1, 2), spi: spi, proto: proto, mode: .tunnel))
  }

  @Test("is an SA that is found again, which one of IPsec without an SPI is not")
  func associations() {
    #expect(addition(1).isRevocable)
    for proto in [IPProtocol.esp, .ah, .ipComp] { #expect(!addition(0, proto).isRevocable) }
    #expect(addition(0, IPProtocol(rawValue: 43)).isRevocable)
  }

  @Test("is a policy that lets nothing out in clear")
  func policies() {
    var policy = Policy(.any(.ipv4), direction: .outgoing)
    #expect(!XFRMKit.Operation.addPolicy(policy).isRevocable)
    policy.action = .block
    #expect(XFRMKit.Operation.addPolicy(policy).isRevocable)
  }
}
