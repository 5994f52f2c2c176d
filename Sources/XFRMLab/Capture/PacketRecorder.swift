internal import Glibc
internal import XFRMKit

/// Keeps every packet that an interface sends, whole, until they are taken; and puts packets on the
/// wire again.
///
/// Like ``PacketCapture`` it leaves out what the interface receives. It has no thread: what is not
/// taken in time is missed, and that is told.
public struct PacketRecorder: ~Copyable {
  private let socket: PacketSocket
  private var position = 0

  /// Starts to record.
  ///
  /// - Parameters:
  ///   - node: Where the interface is.
  ///   - interface: The interface's name. Packets longer than 1,900 bytes are cut.
  ///   - packets: How many there is room for before they are taken.
  public init(on node: Node, interface: String, packets: Int = 256) throws(LabError) {
    let index = try attempt("find \(interface)") { () throws(NetlinkError) in
      var route = try RouteConnection(in: node.namespace)
      return try route.interfaceIndex(interface)
    }
    let descriptor = try node.run { () throws(LabError) in try PacketSocket.open(.whole) }
    socket = try PacketSocket(descriptor, interfaceIndex: index, packets: packets, .whole)
  }

  /// The packets that were sent since this was last asked, in their order.
  ///
  /// - Throws: If there was no room for one.
  public mutating func take() throws(LabError) -> [CapturedPacket] {
    var packets: [CapturedPacket] = []
    while packets.count < socket.frames, let packet = socket.next(&position, [4500]) {
      packets.append(packet)
    }
    guard socket.missed == 0 else {
      throw .system("record every packet", SystemErrno(ENOBUFS))
    }
    return packets
  }

  /// Sends a frame as it is, without recording it.
  ///
  /// - Parameter frame: With the link layer's header, as ``CapturedPacket/frame`` has it.
  public borrowing func send(_ frame: [UInt8]) throws(LabError) { try socket.send(frame) }
}
