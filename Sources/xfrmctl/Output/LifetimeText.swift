import XFRMKit

extension Lifetime {
  /// A part for each kind of limit that is set: `soft limit 1.0 GiB, 3,000 s after adding`.
  var parts: [String] {
    [("soft", soft), ("hard", hard)].compactMap { name, limits in
      limits.text.map { "\(name) limit \($0)" }
    }
  }
}

extension Lifetime.Limits {
  fileprivate var text: String? {
    var limits: [String] = []
    if bytes != Lifetime.unlimited { limits.append(Text.bytes(bytes)) }
    if packets != Lifetime.unlimited { limits.append("\(Text.count(packets)) packets") }
    if secondsFromAdd != 0 { limits.append("\(Text.count(secondsFromAdd)) s after adding") }
    if secondsFromUse != 0 { limits.append("\(Text.count(secondsFromUse)) s after first use") }
    return limits.isEmpty ? nil : limits.joined(separator: ", ")
  }
}

/// Limits that are set; what is unlimited is absent.
struct LifetimeJSON: Encodable {
  struct Limits: Encodable {
    var bytes: UInt64?
    var packets: UInt64?
    var secondsFromAdd: UInt64?
    var secondsFromUse: UInt64?

    /// `nil` if nothing is limited.
    init?(_ limits: Lifetime.Limits) {
      guard limits != Lifetime.Limits() else { return nil }
      bytes = limits.bytes == Lifetime.unlimited ? nil : limits.bytes
      packets = limits.packets == Lifetime.unlimited ? nil : limits.packets
      secondsFromAdd = limits.secondsFromAdd == 0 ? nil : limits.secondsFromAdd
      secondsFromUse = limits.secondsFromUse == 0 ? nil : limits.secondsFromUse
    }
  }

  var soft: Limits?
  var hard: Limits?

  /// `nil` if nothing is limited.
  init?(_ lifetime: Lifetime) {
    guard lifetime != Lifetime() else { return nil }
    soft = Limits(lifetime.soft)
    hard = Limits(lifetime.hard)
  }
}
