import Glibc
import Netlink
import Testing

@testable import XFRMKit

@Suite("A socket's policy")
struct SocketPolicyTests {
  /// What becomes of a policy on no socket at all.
  private func failure(_ change: (inout Policy) -> Void) -> NetlinkError? {
    var policy = Policy.bypass(.outgoing, family: .ipv4)
    change(&policy)
    do {
      try policy.attach(toSocket: -1)
      return nil
    } catch {
      return error.failure
    }
  }

  @Test("that is refused is about a socket's option")
  func refused() {
    #expect(failure { _ in } == .system(.setOption, SystemErrno(EBADF)))
  }

  @Test("is not attached with less than was asked")
  func parts() {
    func expect(_ part: String, _ change: (inout Policy) -> Void) {
      #expect(
        failure(change) == .unencodable(.noPlace("\(part) in a socket's policy")))
    }
    expect("a mark") { $0.mark = Mark(1, mask: 1) }
    expect("an interface ID") { $0.interfaceID = 7 }
    expect("the kind sub") { $0.kind = .sub }
    expect("an offload") {
      $0.offload = SecurityAssociation.Offload(interfaceIndex: 1, flags: .packet)
    }
    expect("a security context") { $0.securityContext = SecurityContext(label: "a:b:c:d") }
    expect("other attributes") {
      $0.otherAttributes = [
        OtherAttribute(type: AttributeType(rawValue: 99), payload: Secret([1 as UInt8].span))
      ]
    }
  }

  @Test("of mixed families is not sent")
  func mixed() {
    let failure = failure {
      $0.templates = [Template(from: .v4(1), to: .v6(1, 1), mode: .tunnel, requestID: 1)]
    }
    #expect(failure == .unencodable(.mixedFamilies("a template")))
  }
}
