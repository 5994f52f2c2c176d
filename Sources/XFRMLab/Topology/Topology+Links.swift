public import XFRMKit

extension Topology {
  /// A virtual Ethernet cable between two machines.
  public struct Link: Hashable, Sendable {
    public var left: End
    public var right: End
    /// How bad it is, in both directions.
    public var impairment: LinkImpairment
    /// The longest packet that it takes, in bytes; `nil` for the usual 1500.
    public var mtu: UInt32?

    /// A cable.
    ///
    /// - Parameters:
    ///   - left: One end.
    ///   - right: The other end.
    ///   - impairment: How bad it is.
    ///   - mtu: The longest packet.
    public init(
      _ left: End, _ right: End, impairment: LinkImpairment = LinkImpairment(), mtu: UInt32? = nil
    ) {
      self.left = left
      self.right = right
      self.impairment = impairment
      self.mtu = mtu
    }

    /// Both.
    public var ends: [End] { [left, right] }
  }

  /// An end of a cable: an interface of a machine.
  public struct End: Hashable, Sendable {
    public var machine: String
    public var interface: String
    public var addresses: [IPPrefix]

    /// An interface.
    ///
    /// - Parameters:
    ///   - machine: Whose it is.
    ///   - interface: What it is called there.
    ///   - addresses: Those that it has, with the lengths of their networks.
    public init(_ machine: String, _ interface: String, _ addresses: [IPPrefix] = []) {
      self.machine = machine
      self.interface = interface
      self.addresses = addresses
    }
  }

  /// The other end of the cable that an interface is an end of.
  func peer(of end: End) -> End? {
    for link in links {
      if link.left == end { return link.right }
      if link.right == end { return link.left }
    }
    return nil
  }
}

extension LinkImpairment {
  /// `delay 10 ms, jitter 1 ms, loss 0.5 %, rate 10 Mbit/s`; empty if there is nothing to say.
  var words: String {
    var words: [String] = []
    if delay > 0 { words.append("delay \(Self.shown(delay, 1000)) ms") }
    if jitter > 0 { words.append("jitter \(Self.shown(jitter, 1000)) ms") }
    if loss > 0 { words.append("loss \(Self.shown(UInt64(loss), 10_000)) %") }
    if let rate { words.append("rate \(Self.shown(rate, 1_000_000)) Mbit/s") }
    return words.joined(separator: ", ")
  }

  /// A quotient without digits that say nothing.
  static func shown(_ number: UInt64, _ unit: UInt64) -> String {
    var rest = String(number % unit + unit).dropFirst()
    while rest.last == "0" { rest.removeLast() }
    return rest.isEmpty ? "\(number / unit)" : "\(number / unit).\(rest)"
  }
}
