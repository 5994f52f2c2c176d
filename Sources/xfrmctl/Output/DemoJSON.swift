import XFRMLab

/// `xfrmctl lab demo --json`
struct DemoJSON: Encodable {
  struct Datagrams: Encodable {
    var sent: Int
    var delivered: Int
  }

  struct Wire: Encodable {
    var esp: Int
    var espInUDP: Int
    var clear: Int
    /// Packets, of whatever kind, whose payload could be read.
    var readable: Int
    /// Packets that the capture missed; with any, `clear` proves nothing.
    var missed: Int
  }

  struct Observation: Encodable {
    var datagrams: Datagrams
    var tcpBytes: Int
    var wire: Wire

    init(_ observation: SiteToSiteDemo.Observation) {
      datagrams = Datagrams(
        sent: observation.datagrams.sent, delivered: observation.datagrams.delivered)
      tcpBytes = observation.streamBytes
      wire = Wire(
        esp: observation.wire[.esp], espInUDP: observation.wire[.espInUDP],
        clear: observation.wire[.clear], readable: observation.wire.readable,
        missed: observation.wire.missed)
    }
  }

  var version = 1
  var datagrams: Datagrams
  var tcpBytes: Int
  var wire: Wire
  /// The same with the policies removed.
  var control: Observation?
  /// `protected` or `not-protected`
  var verdict: String

  init(_ demo: SiteToSiteDemo) {
    let observation = Observation(demo.protected)
    datagrams = observation.datagrams
    tcpBytes = observation.tcpBytes
    wire = observation.wire
    control = demo.control.map { Observation($0) }
    verdict = demo.isProven ? "protected" : "not-protected"
  }
}
