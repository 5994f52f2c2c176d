import XFRMKit
import XFRMLab

/// What `xfrmctl lab demo` shows a person.
struct DemoReport {
  let demo: SiteToSiteDemo

  init(_ demo: SiteToSiteDemo) { self.demo = demo }

  var text: String {
    ([drawing, associations, traffic, wire] + (control.map { [$0] } ?? []) + [verdict])
      .joined(separator: "\n\n")
  }

  private var drawing: String {
    let family = demo.protection.family
    let isTransport = demo.protection.mode == .transport
    let sites =
      family == .ipv6
      ? ("fd00:1::/64", "2001:db8::1", "2001:db8::2", "fd00:2::/64")
      : ("10.1.0.0/24", "192.0.2.1", "192.0.2.2", "10.2.0.0/24")
    let label = Style.cyan(
      Text.center("\(demo.protection.proposal)", 16, filledWith: "═"))
    let title = Style.bold("ESP \(demo.protection.mode) mode over \(family)")
    let note = isTransport ? "between the gateways" : "between the sites"
    return """
      \(title), \(note)\(demo.protection.isInUDP ? ", inside UDP" : "")

       ┌────────┐    ┌───────────┐                ┌───────────┐    ┌────────┐
       │ host-a ├────┤ gateway-a ╞\(label)╡ gateway-b ├────┤ host-b │
       └────────┘    └───────────┘                └───────────┘    └────────┘
       \(Text.pad(sites.0, 14))\(Text.pad(sites.1, 22))\(Text.padLeft(sites.2, 20))\
      \(Text.padLeft(sites.3, 14))
      """
  }

  private var associations: String {
    var lines = [Style.bold("Security associations, as the receiving gateway counts them")]
    for direction in demo.directions {
      let usage = direction.association.usage
      lines.append(
        "  \(direction.from) → \(direction.to)  SPI \(direction.association.spi)"
          + Text.padLeft(Text.count(usage.packets), 10) + " packets"
          + Text.padLeft(Text.bytes(usage.bytes), 11))
    }
    return lines.joined(separator: "\n")
  }

  private var traffic: String {
    let seen = demo.protected
    return Style.bold("Traffic") + "\n"
      + row("ping", Text.count(seen.pings), Text.count(seen.pingsAnswered), "answered")
      + "\n"
      + row(
        "datagrams", Text.count(seen.datagrams.sent), Text.count(seen.datagrams.delivered),
        "delivered")
      + "\n"
      + row("TCP", Text.bytes(seen.streamBytesWanted), Text.bytes(seen.streamBytes), "delivered")
  }

  private var wire: String {
    Style.bold("On the wire between the gateways") + "\n" + Self.line(demo.protected.wire)
  }

  private var control: String? {
    demo.control.map {
      Style.bold("The same with the policies removed (positive control)") + "\n"
        + Self.line($0.wire)
    }
  }

  private var verdict: String {
    if demo.isProven {
      return Style.green(Style.bold("PROTECTED"))
        + "  everything arrived, and no packet of it could be read on the wire"
    }
    let reason =
      if !demo.protected.isDelivered {
        "not everything arrived"
      } else if demo.protected.wire[.clear] > 0 {
        "packets went in clear"
      } else if demo.protected.wire.readable > 0 {
        "ESP carried it, but did not encrypt it: it could be read on the wire"
      } else if demo.protected.wire.missed > 0 {
        "the capture missed packets, so it proves nothing"
      } else if !demo.isControlProven {
        "the capture saw no clear packet even without policies, so it proves nothing"
      } else {
        "no ESP packet was seen"
      }
    return Style.red(Style.bold("NOT PROTECTED")) + "  \(reason)"
  }

  private func row(_ what: String, _ sent: String, _ arrived: String, _ word: String) -> String {
    "  \(Text.pad(what, 12))\(Text.padLeft(sent, 9)) sent  \(Text.padLeft(arrived, 9)) \(word)"
  }

  private static func line(_ wire: WireCounts) -> String {
    var parts = ["ESP \(Text.count(wire[.esp]))"]
    if wire[.espInUDP] > 0 { parts.append("ESP-in-UDP \(Text.count(wire[.espInUDP]))") }
    let clear = "clear \(Text.count(wire[.clear]))"
    parts.append(wire[.clear] > 0 ? Style.red(clear) : Style.green(clear))
    let readable = "readable \(Text.count(wire.readable))"
    parts.append(wire.readable > 0 ? Style.red(readable) : Style.green(readable))
    parts.append("link upkeep \(Text.count(wire[.upkeep]))")
    if wire.missed > 0 { parts.append(Style.yellow("missed \(Text.count(wire.missed))")) }
    return "  " + parts.joined(separator: "   ")
  }
}
