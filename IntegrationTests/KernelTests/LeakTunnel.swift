import TestSupport
import Testing
import XFRMConfig
import XFRMKit
import XFRMLab

/// Configurations of the watched gateway with SAs, whose packets the other gateway takes in.
struct LeakTunnel {
  /// The same connection with SAs of one SPI and of another.
  let generations: [ManagedGateway.Applicable]
  /// One whose SAs end after five seconds: a busy machine needs some to look at them meanwhile.
  let shortLived: ManagedGateway.Applicable

  init(_ watch: LeakWatch, _ gateway: ManagedGateway) throws {
    for (name, digit) in [("in", "a7"), ("out", "b3")] {
      try gateway.folder.write(Array(String(repeating: digit, count: 64).utf8), to: name)
    }
    let folder = gateway.folder.path
    generations = try [1, 2].map { generation in
      try gateway.configuration(
        "\(generation).yaml", LeakWatch.connection(generation: generation, keysIn: folder))
    }
    shortLived = try gateway.configuration(
      "3.yaml", LeakWatch.connection(generation: 3, keysIn: folder, lifetime: "5s"))

    var other = try watch.sites.b.gateway.xfrm()
    let keys = KeyResolver(KeyDirectory(gateway.folder.file("keys")))
    var templates: [Template] = []
    for configuration in generations + [shortLived] {
      for entry in configuration.state.associations where entry.direction == .outgoing {
        var association = try #require(entry.keyed(with: keys.key(for: entry)))
        association.lifetime = Lifetime()
        // An SA that is made once more counts from the beginning.
        association.replayWindow = 0
        association.extendedReplayState = nil
        try other.add(association)
        templates = [Template(association)]
      }
    }
    for direction in [Policy.Direction.forwarded, .incoming] {
      try other.add(
        Policy(
          Selector(from: watch.sites.a.network(.ipv4), to: watch.sites.b.network(.ipv4)),
          direction: direction, templates: templates))
    }
  }
}
