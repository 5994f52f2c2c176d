import Glibc
import TestSupport
import Testing
import XFRMKit
@testable import XFRMConfig

extension KeyBundleTests {
  @Test("of a million SPIs and keys no two are equal, and none is reserved")
  func million() {
    var supply = NumberSupply(Ranges.spis)
    var spis: Set<UInt32> = []
    var keys: Set<UInt64> = []
    spis.reserveCapacity(1_000_000)
    keys.reserveCapacity(1_000_000)
    var isInRange = true
    for _ in 0..<1_000_000 {
      guard let spi = supply.take() else { break }
      isInRange = isInRange && spi > 255 && Ranges.spis.contains(spi)
      spis.insert(spi)
      // Were half of a key's bits fixed, they would not all differ.
      keys.insert(
        Secret.random(count: 8).withBytes { bytes in
          (0..<8).reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
        })
    }
    #expect(isInRange)
    #expect(spis.count == 1_000_000)
    #expect(keys.count == 1_000_000)
    // Drawn without looking at the others, some of so many would be the same.
    let careless = (0..<100_000).map { _ in UInt32.random(in: Ranges.spis) }
    #expect(Set(careless).count < careless.count)
  }

  @Test("what is in use is not drawn, and that there is nothing left is told")
  func scarce() throws {
    var supply = NumberSupply(1...10, used: [1, 2, 99])
    supply.exclude(3)
    let drawn = [supply.take(), supply.take(), supply.take()]
    #expect(drawn.compactMap { $0 }.allSatisfy { (4...10).contains($0) })
    #expect(drawn[1] != nil && drawn[0] != drawn[1])
    #expect(drawn[2] == nil)
  }

  @Test("what a configuration gives to something is in use")
  func configured() throws {
    let text = """
      connections:
      - name: a
        kind: host-to-host
        local: {address: 192.0.2.1}
        remote: {address: 192.0.2.3}
        proposal: aes256-sha256
        reqid: 77
        keys: {in: {spi: 0x58001001, key: "env:A"}, out: {spi: 0x58001002, key: "env:B"}}
      """
    let configuration = try #require(load(["main.yaml": text]).configuration)
    var maker = KeyMaker(local, peerDirectory: peer)
    #expect(maker.usedSPIs.isEmpty)
    maker.avoid(configuration)
    #expect(maker.usedSPIs == [0x5800_1001, 0x5800_1002])
    #expect(maker.usedRequestIDs == [77])
  }
}
