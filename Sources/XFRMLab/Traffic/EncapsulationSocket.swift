internal import Glibc
internal import XFRMKit

/// A UDP socket through which the kernel takes ESP-in-UDP packets for itself; what an IKE daemon
/// keeps open on port 4500.
final class EncapsulationSocket: Sendable {
  private let socket: Socket

  /// Opens it in the calling thread's namespace.
  init(_ address: IPAddress, port: UInt16 = 4500) throws(LabError) {
    let socket = try Socket(address.family, .datagram)
    // The UDP packets around ESP are checked against policies before ESP is taken out of them.
    for direction in [Policy.Direction.incoming, .outgoing] {
      do {
        try Policy.bypass(direction, family: address.family).attach(toSocket: socket.descriptor)
      } catch {
        throw .xfrm(error)
      }
    }
    try socket.setOption(Self.solUDP, Self.udpEncap, Self.espInUDP)
    try socket.bind(address, port: port)
    self.socket = socket
  }

  /// `SOL_UDP`, `UDP_ENCAP`, `UDP_ENCAP_ESPINUDP` of linux/udp.h.
  private static let solUDP: Int32 = 17
  private static let udpEncap: Int32 = 100
  private static let espInUDP: Int32 = 2
}
