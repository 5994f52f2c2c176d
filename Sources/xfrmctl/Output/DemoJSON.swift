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
    self.init(demo.protected, control: demo.control, isProven: demo.isProven)
  }

  /// - Parameters:
  ///   - protected: What was seen with the policies in place.
  ///   - control: And what without them, if that was asked for.
  ///   - isProven: Whether all arrived, and nothing of it could be read.
  init(
    _ protected: SiteToSiteDemo.Observation, control: SiteToSiteDemo.Observation?, isProven: Bool
  ) {
    let observation = Observation(protected)
    datagrams = observation.datagrams
    tcpBytes = observation.tcpBytes
    wire = observation.wire
    self.control = control.map { Observation($0) }
    verdict = isProven ? "protected" : "not-protected"
  }
}
