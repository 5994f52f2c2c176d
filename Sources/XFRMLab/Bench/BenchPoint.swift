public import XFRMKit

/// What is measured at a time: packets of one length, protected in one way or not at all.
public struct BenchPoint: Hashable, Sendable {
  /// `nil` for the same path without protection, which the others are compared with.
  public var proposal: ESPProposal?
  /// In tunnel mode packets go from host to host through the gateways, in transport mode from one
  /// gateway to the other; with and without protection.
  public var mode: Mode
  /// Of all addresses.
  public var family: AddressFamily
  /// The length of packets before they are protected.
  public var packetBytes: Int
  /// How many SAs carry the packets side by side, each those of one thread.
  public var associations: Int

  /// A point.
  ///
  /// - Parameters:
  ///   - proposal: How packets are protected; `nil` for not at all.
  ///   - mode: Tunnel or transport.
  ///   - packetBytes: Their length before that.
  ///   - associations: How many SAs.
  ///   - family: Of all addresses.
  public init(
    _ proposal: ESPProposal?, mode: Mode = .tunnel, packetBytes: Int = 1_400, associations: Int = 1,
    family: AddressFamily = .ipv4
  ) {
    self.proposal = proposal
    self.mode = mode
    self.family = family
    self.packetBytes = packetBytes
    self.associations = associations
  }

  /// The same without protection.
  public var plain: BenchPoint {
    var plain = self
    plain.proposal = nil
    return plain
  }

  /// Lengths of packets that there can be: with a UDP header and the traffic's marker, and short
  /// enough that the ESP of each of ``BenchPlan/usualProposals`` fits the cable.
  public static let packetBytes = 64...1_400

  /// How many SAs there can be side by side.
  public static let associations = 1...64

  /// What goes into a datagram: all but the headers of IP and UDP.
  var payloadBytes: Int { packetBytes - (family == .ipv6 ? 48 : 28) }

  /// Where packets go to: a port for each SA.
  var ports: ClosedRange<UInt16> { 7_100...(7_100 + UInt16(associations) - 1) }
}

/// What is to be measured.
public struct BenchPlan: Hashable, Sendable {
  /// How packets are protected.
  public var proposals: [ESPProposal]
  /// Tunnel, transport or both.
  public var modes: [Mode]
  /// Lengths of packets.
  public var sizes: [Int]
  /// Numbers of SAs side by side.
  public var associations: [Int]
  /// Of all addresses.
  public var family: AddressFamily

  /// Ciphers that IKE daemons agree on today.
  public static let usualProposals: [ESPProposal] = [
    .aes256gcm16, .aes128gcm16, .chacha20poly1305, .aes256sha256,
  ]

  /// A plan.
  ///
  /// - Parameters:
  ///   - proposals: How packets are protected.
  ///   - modes: Tunnel, transport or both.
  ///   - sizes: Lengths of packets.
  ///   - associations: Numbers of SAs side by side.
  ///   - family: Of all addresses.
  public init(
    _ proposals: [ESPProposal] = usualProposals, modes: [Mode] = [.tunnel],
    sizes: [Int] = [64, 512, 1_400], associations: [Int] = [1], family: AddressFamily = .ipv4
  ) {
    self.proposals = proposals
    self.modes = modes
    self.sizes = sizes
    self.associations = associations
    self.family = family
  }

  /// All points, in this order; the plain path before what is compared with it, soon enough that the
  /// machine is the same.
  public var points: [BenchPoint] {
    modes.flatMap { mode in
      associations.flatMap { associations in
        sizes.flatMap { size in
          ([nil] + proposals).map {
            BenchPoint(
              $0, mode: mode, packetBytes: size, associations: associations, family: family)
          }
        }
      }
    }
  }
}
