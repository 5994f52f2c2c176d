internal import XFRMKit

extension KernelModule {
  /// The module that speaks a protocol of IPsec over a family.
  static func speaking(_ proto: IPProtocol, _ family: AddressFamily) -> KernelModule {
    switch (proto, family) {
    case (.ah, .ipv6): .ah6
    case (.ah, _): .ah4
    case (.ipComp, .ipv6): .ipComp6
    case (.ipComp, _): .ipComp4
    case (_, .ipv6): .esp6
    default: .esp4
    }
  }
}
