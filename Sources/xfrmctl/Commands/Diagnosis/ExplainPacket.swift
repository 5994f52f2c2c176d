import ArgumentParser
import Glibc
import IPRoute2
import XFRMDiagnosis

/// `xfrmctl explain packet`
struct ExplainPacket: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "packet",
    abstract: "Tell which policy and SA a packet would hit, and why not another.",
    usage: """
      xfrmctl explain packet <src> <dst> [<proto> [<sport> [<dport>]]]
        [options]
      """,
    discussion: """
      Policies and SAs are looked up as the kernel does it: by priority, and
      of equals the oldest. For ICMP the ports are type and code. Policies
      of single sockets and routes are left out. The exit status does not
      tell what becomes of the packet; --json does.

      Examples:
        xfrmctl explain packet 10.1.0.2 10.2.0.2
        xfrmctl explain packet 10.1.0.2 10.2.0.2 udp 5000 53 --mark 7
        xfrmctl explain packet 10.2.0.2 10.1.0.2 icmp 8 --dir fwd --json

      Exit status: 0, 64 if there is no such packet, 77 without privilege.
      """)

  @Argument(help: ArgumentHelp("Where the packet comes from.", valueName: "src"))
  var source: String

  @Argument(help: ArgumentHelp("Where it goes to.", valueName: "dst"))
  var destination: String

  @Argument(help: ArgumentHelp("Its protocol, by name or number.", valueName: "proto"))
  var proto: String?

  @Argument(help: ArgumentHelp("The sender's port, or ICMP type.", valueName: "sport"))
  var sourcePort: UInt16 = 0

  @Argument(help: ArgumentHelp("The receiver's port, or ICMP code.", valueName: "dport"))
  var destinationPort: UInt16 = 0

  @Option(
    name: .customLong("dir"),
    help: ArgumentHelp("out, in or fwd (default: out).", valueName: "direction"),
    completion: .list(["out", "in", "fwd"]), transform: Self.typedDirection)
  var direction = Policy.Direction.outgoing

  @Option(
    help: ArgumentHelp("The packet's mark (default: 0).", valueName: "number"),
    transform: Self.typedNumber)
  var mark: UInt32 = 0

  @Option(
    name: .customLong("if-id"),
    help: ArgumentHelp("That of its xfrm interface (default: 0).", valueName: "number"),
    transform: Self.typedNumber)
  var interfaceID: UInt32 = 0

  @OptionGroup var namespace: NamespaceOption

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws { _ = try query }

  func run() throws {
    var xfrm = try namespace.connect()
    let lookup: PacketLookup
    do throws(XFRMError) {
      lookup = try PacketLookup(reading: &xfrm, at: UInt64(time(nil)))
    } catch {
      throw Failure(error)
    }
    let explanation = PacketExplanation(try query, in: lookup)
    if json { return try JSONOutput.print(PacketExplanationJSON(explanation)) }
    try Terminal.print(PacketExplanationText(explanation).lines.joined(separator: "\n"))
  }

  private var query: PacketQuery {
    get throws {
      guard let from = IPAddress(source) else { throw Self.noAddress(source) }
      guard let to = IPAddress(destination) else { throw Self.noAddress(destination) }
      guard from.family == to.family else {
        throw ValidationError("\(source) and \(destination) are of two families")
      }
      let packet = PacketFlow(
        from: from, to: to, proto: try protocolNumber, sourcePort: sourcePort,
        destinationPort: destinationPort)
      return PacketQuery(packet, direction, mark: mark, interfaceID: interfaceID)
    }
  }

  private var protocolNumber: IPProtocol {
    get throws {
      guard let proto else { return .any }
      let known = UInt8(proto) ?? GrammarContext.live.protocolNumber(proto)
      guard let known else { throw ValidationError("there is no protocol “\(proto)”") }
      return IPProtocol(rawValue: known)
    }
  }

  private static func noAddress(_ text: String) -> ValidationError {
    ValidationError("“\(text)” is no IP address")
  }

  private static func typedDirection(_ text: String) throws -> Policy.Direction {
    switch text {
    case "out": .outgoing
    case "in": .incoming
    case "fwd": .forwarded
    default: throw ValidationError("there is no direction “\(text)”: out, in or fwd")
    }
  }

  private static func typedNumber(_ text: String) throws -> UInt32 {
    let number =
      text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
    guard let number else { throw ValidationError("“\(text)” is no number of 32 bits") }
    return number
  }
}
