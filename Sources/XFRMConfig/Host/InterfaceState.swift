public import XFRMKit

/// What an xfrm interface is like that there is.
public struct InterfaceState: Hashable, Sendable {
  /// What ties SAs and policies to it.
  public var interfaceID: UInt32
  /// Whether it is up. Where it is not there are no routes through it.
  public var isUp: Bool
  /// In bytes.
  public var mtu: UInt32
  /// Those that it has, whoever gave them to it.
  public var addresses: Set<IPPrefix>

  /// An interface as it is, or as the kernel makes one if nothing else is said.
  public init(
    _ interfaceID: UInt32, isUp: Bool = true, mtu: UInt32 = InterfaceEntry.usualMTU,
    addresses: Set<IPPrefix> = []
  ) {
    self.interfaceID = interfaceID
    self.isUp = isUp
    self.mtu = mtu
    self.addresses = addresses
  }

  /// In a stable order.
  var words: String {
    "\(interfaceID) \(isUp) \(mtu) \(addresses.map { "\($0)" }.sorted())"
  }
}

extension InterfaceEntry {
  /// What the kernel gives an interface for which nobody asks for another.
  public static let usualMTU: UInt32 = 1500

  /// The same with the addresses that one of its name had, as far as they may still be there.
  func joined(with old: InterfaceEntry?) -> InterfaceEntry {
    guard let old, old.interfaceID == interfaceID else { return self }
    var joined = self
    joined.addresses += old.addresses.filter { !addresses.contains($0) }
    return joined
  }

  /// What of it is not so; nothing if all is.
  ///
  /// - Parameters:
  ///   - present: The interface as it is.
  ///   - held: As it was made: of the addresses that it has, those are ours.
  func differences(from present: InterfaceState, _ held: InterfaceEntry) -> [String] {
    var differences: [String] = []
    if !present.isUp { differences.append("is down") }
    let wanted = mtu ?? Self.usualMTU
    if present.mtu != wanted { differences.append("mtu \(present.mtu) -> \(wanted)") }
    let lacking = addresses.filter {
      !present.addresses.contains($0) || !held.addresses.contains($0)
    }
    return differences + lacking.map { "without \($0)" }
  }
}
