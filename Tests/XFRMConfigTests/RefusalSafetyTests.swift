import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// What holds after each step of a plan holds where the kernel refuses one, too, though it goes on
/// with what shares a datagram with that, and though whoever asked dies before he takes it back.
@Suite struct RefusalSafetyTests {
  @Test(arguments: 0..<20) func noRefusalLetsAnythingThrough(seed: UInt64) throws {
    var states = RandomStates(dice: Dice(seed: seed))
    var refusals = 0
    for _ in 0..<4 {
      let machine = Machine()
      let next = states.state(generation: 1)
      var done = machine
      try done.apply(next)
      let allowed = RandomStates.packets.map { packet in
        let ends = [machine.kernel, done.kernel]
        return (
          packet: packet, verdicts: Set(ends.map { $0.verdict(leaving: packet) } + [.dropped]),
          isAdmitted: ends.contains { $0.admits(packet, through: []) }
        )
      }
      for patience in 0... {
        var refused = machine
        refused.patience = patience
        let isDone = (try? refused.apply(next)) != nil
        if isDone { break }
        refusals += 1
        for (packet, verdicts, isAdmitted) in allowed {
          let verdict = refused.kernel.verdict(leaving: packet)
          #expect(verdicts.contains(verdict), "seed \(seed), refused \(patience): \(packet)")
          #expect(isAdmitted || !refused.kernel.admits(packet, through: []))
        }
      }
    }
    #expect(refusals > 0)
  }
}
