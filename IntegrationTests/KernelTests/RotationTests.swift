import FoundationEssentials
import TestSupport
import Testing
import XFRMConfig
import XFRMKit
import XFRMLab

@testable import xfrmctl

extension Kernel {
  /// `xfrmctl rotate`, with two hosts and packets between them.
  @Suite("Rotation", Bed.needsESP, Bed.needsSpeed)
  struct RotationTests {
    let ends: RotatingEnds

    init() async throws { ends = try await RotatingEnds() }

    @Test(
      "under traffic no packet is lost and none is clear", Bed.needsSpeed, arguments: [0, 10])
    func noLoss(milliseconds delay: Int) async throws {
      try await ends.delay(delay)
      let rounds = 100
      let clock = ContinuousClock()
      let start = clock.now
      let load = try TrafficLoad(ends, perSecond: 3_400)
      for _ in 0..<rounds { try ends.rotateBoth(grace: .milliseconds(20 + 2 * delay)) }
      let (traffic, wire) = load.stop()
      let time = clock.now - start
      #expect(traffic.delivered == traffic.sent && traffic.wrong == 0 && traffic.refusals.isEmpty)
      let rate = Int(Double(traffic.sent) / (time / .seconds(1)))
      let least = Bed.waves == nil ? 1_000 : 3_000
      #expect(rate >= least, "the test is worth little with fewer packets a second")
      #expect(wire[.clear] == 0 && wire.readable == 0 && wire[.esp] > 0)
      #expect(try ends.generations() == ["\(rounds + 1)"])
      for node in [ends.a, ends.b] {
        var xfrm = try node.xfrm()
        #expect(try xfrm.associations().count == 2)
      }
      print(
        "\(rounds) rotations in \(time), \(rate) packets a second, delay \(delay) ms: "
          + "\(traffic.sent - traffic.delivered) of \(traffic.sent) lost, \(wire[.clear]) clear")
    }

    @Test("the traffic of these tests finds room where a link is slow")
    func room() async throws {
      try await ends.queue("tbf rate 1mbit burst 2kb limit 10mb")
      let load = try TrafficLoad(ends, perSecond: 6_000)
      try await Task.sleep(for: .milliseconds(200))
      let traffic = load.stop().traffic
      #expect(traffic.delivered == traffic.sent && traffic.refusals.isEmpty, "\(traffic)")
    }

    @Test("control: whoever sends with new keys before they are taken in loses packets, every time")
    func control() async throws {
      for _ in 0..<5 {
        try await ends.makeKeys()
        let load = try TrafficLoad(ends, perSecond: 1_000)
        for phase in [RotationPhase.inbound, .outbound] { try ends.rotate(ends.a, phase) }
        let early = try ends.flow.sendDatagrams(20, patience: 100)
        for phase in [RotationPhase.inbound, .outbound] { try ends.rotate(ends.b, phase) }
        let (traffic, wire) = load.stop()
        #expect(early.delivered == 0 && traffic.sent > 0)
        #expect(wire[.clear] == 0)
        for node in [ends.a, ends.b] { try ends.rotate(node, .retire) }
      }
    }

    @Test("phases: in order, once each, and nothing undoes them in between")
    func phases() async throws {
      let idle = try await ends.rotate(ends.a, "--phase inbound")
      #expect(idle.output.contains("there are no newer ones"))
      try await ends.makeKeys()
      // Newer keys alone change nothing, and are told of.
      let plan = try await ends.run(ends.a, "plan \(ends.file(ends.a))")
      #expect(plan.output.hasPrefix("nothing to do") && plan.output.contains("newer keys, #2"))
      let early = try await ends.rotate(ends.a, "--phase outbound", status: 1)
      #expect(early.complaint.contains("--phase inbound"))

      for (phase, next) in [("inbound", "outbound"), ("outbound", "retire")] {
        for node in [ends.a, ends.b] {
          let done = try await ends.rotate(node, "--phase \(phase)")
          #expect(done.output.contains("--phase \(next)"))
          for line in done.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
          let again = try await ends.rotate(node, "--phase \(phase)")
          #expect(again.output.hasPrefix("nothing to do"))
          let applied = try await ends.run(node, "apply \(ends.file(node))")
          #expect(applied.output.hasPrefix("nothing to do"))
          #expect(applied.output.contains("stays where it is"))
          try await ends.run(node, "drift --exit-code")
          #expect(try await ends.run(node, "status").output.contains("#1 -> #2, \(phase) done"))
        }
      }
      let json = try await ends.rotate(ends.a, "--phase retire --grace 20ms --json")
      #expect(json.output.contains(#""generation" : 2"#))
      try await ends.rotate(ends.b, "--phase retire --grace 20ms")
      try await ends.run(ends.a, "drift --exit-code")
      #expect(try ends.flow.sendDatagrams(20).delivered == 20)
      let status = try await ends.run(ends.a, "status").output
      #expect(!status.contains("rotating"))
      let pair = try await ends.run(ends.a, ends.pairWords)
      #expect(pair.output.hasSuffix("link has gone on from #2 to #3\n"))
    }

    @Test("keys that one end alone has, as making them was cut short, are passed over")
    func halfMade() async throws {
      try await ends.makeKeys()
      #expect(try await ends.deleteKeys("2").status == 0)
      let pair = try await ends.run(ends.a, ends.pairWords)
      #expect(pair.output.hasSuffix("link has gone on from #1 to #3\n"))
    }

    @Test("a rotation begins where nobody confirms in time once that was led back from")
    func overdue() async throws {
      try ends.addEntry(to: ends.a)
      try await ends.run(ends.a, "apply \(ends.file(ends.a)) --confirm 2s")
      try await ends.endGuards()
      try await Task.sleep(for: .seconds(2))
      let pair = try await ends.run(ends.a, ends.pairWords)
      #expect(pair.output.hasSuffix("link has gone on from #1 to #2\n"))
    }

    @Test("the configuration before comes back with the keys that there are now")
    func rollback() async throws {
      var xfrm = try ends.a.xfrm()
      let before = Set(try xfrm.policies().map(\.key))
      try ends.addEntry(to: ends.a)
      try await ends.run(ends.a, "apply \(ends.file(ends.a))")
      try await ends.run(ends.a, ends.pairWords)
      let back = try await ends.run(ends.a, "rollback --allow-cleartext rest")
      #expect(back.output.contains(", with other keys #"))
      #expect(try ends.generations() == ["2"])
      #expect(Set(try xfrm.policies().map(\.key)) == before)
      #expect(try ends.flow.sendDatagrams(20).delivered == 20)
    }

    @Test("keys in use are not deleted without a word, and are told of where they are missing")
    func deletion() async throws {
      try await ends.makeKeys()
      let refused = try await ends.deleteKeys("1")
      #expect(refused.status == 64 && refused.complaint.contains("generation 1 of link is in use"))
      try await ends.rotate(ends.a, "--phase inbound")
      #expect(try await ends.deleteKeys("2").complaint.contains("generation 2 of link is in use"))
      try await ends.makeKeys()
      #expect(try await ends.deleteKeys("3").status == 0)
      #expect(try await ends.deleteKeys("1 --force").status == 0)
      let missing = try await ends.run(ends.a, "apply \(ends.file(ends.a))", status: 65)
      #expect(missing.complaint.contains("generation 1 is missing"))
      #expect(!missing.complaint.contains("no keys yet"))
    }

    @Test("what is read back and is not as asked is led back from")
    func different() async throws {
      try await ends.makeKeys()
      var xfrm = try ends.a.xfrm()
      let old = Set(try xfrm.associations().map(\.spi))
      let interference = Interference()
      var isHidden = false
      // Of what the kernel lists, the first SA that is new.
      interference.alter = { messages in
        messages.filter { message in
          guard !isHidden, let spi = message.listedSPI, !old.contains(spi) else { return true }
          isHidden = true
          return false
        }.map { .datagram($0.bytes) }
      }
      let failure = #expect(throws: Failure.self) {
        try interference.during { try ends.rotate(ends.a, .inbound) }
      }
      #expect(isHidden && failure?.status == .rolledBack)
      #expect(Set(try xfrm.associations().map(\.spi)) == old)
      #expect(try await ends.run(ends.a, "recover").output.hasPrefix("nothing to do"))
    }

    @Test("an SA that the kernel has lost is replaced by new keys, and its own are not put back")
    func lost() async throws {
      var xfrm = try ends.a.xfrm()
      for association in try xfrm.associations() {
        try xfrm.perform(.deleteAssociation(association.id))
      }
      let refused = try await ends.run(ends.a, "apply \(ends.file(ends.a))", status: 1)
      #expect(refused.complaint.contains("was used before"))
      try await ends.makeKeys()
      let mended = try await ends.run(ends.a, "apply \(ends.file(ends.a))")
      #expect(mended.output.contains("out#2") && mended.output.contains("key #"))
      try await ends.rotate(ends.b, "--grace 20ms")
      #expect(try ends.flow.sendDatagrams(20).delivered == 20)
    }
  }
}

extension NetlinkBytes {
  /// The SPI of an SA that the kernel lists.
  fileprivate var listedSPI: SPI? {
    guard type == 0x10, bytes.count >= 92 else { return nil }
    return SPI(rawValue: bytes[88..<92].reduce(0) { $0 << 8 | UInt32($1) })
  }
}
