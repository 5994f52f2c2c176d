import Testing

extension Kernel {
  /// What the kernel's IPsec does with packets: each case sends both ways and looks at what arrives, at
  /// the wire, at the SAs and at the error counters.
  @Suite("Matrix", Bed.needsESP, MatrixRig.Scope())
  struct MatrixTests {
    @Test("AEADs, in every mode over every family", arguments: MatrixCiphers.aeads.thinned(to: 3))
    func aeads(_ test: MatrixCase) throws { try test.run() }

    @Test(
      "ciphers, in every mode over every family",
      arguments: MatrixCiphers.encryptions.thinned(to: 3))
    func ciphers(_ test: MatrixCase) throws { try test.run() }

    @Test("hashes, in every mode over every family", arguments: MatrixCiphers.hashes.thinned(to: 3))
    func hashes(_ test: MatrixCase) throws { try test.run() }

    @Test("pairs of cipher and hash", arguments: MatrixCiphers.pairs.thinned(to: 7))
    func pairs(_ test: MatrixCase) throws { try test.run() }

    @Test(
      "sequence numbers, windows and options", arguments: MatrixCombination.covering.map(\.test))
    func combinations(_ test: MatrixCase) throws { try test.run() }

    @Test("every two values come together in some combination that can")
    func coverage() {
      let all = MatrixCombination.covering
      let met = Set(all.flatMap { Self.pairs(of: $0.values) })
      let lists = (0..<5).map { place in Set(all.map { $0.values[place] }) }
      #expect(
        lists.map(\.count) == [
          MatrixCombination.proposals.count, Way.all.count, 2, Numbering.allCases.count,
          Extra.allCases.count,
        ])
      for first in 0..<5 {
        for second in first + 1..<5 {
          for pair in lists[first].flatMap({ value in lists[second].map { [value, $0] } })
          where !met.contains(pair) {
            let isImpossible =
              pair.contains(Extra.padding.rawValue)
              && pair.contains { $0.hasPrefix("transport") || $0.hasPrefix("BEET") }
            #expect(isImpossible, "\(pair)")
          }
        }
      }
    }

    private static func pairs(of values: [String]) -> [[String]] {
      values.indices.flatMap { first in
        values.indices.filter { $0 > first }.map { [values[first], values[$0]] }
      }
    }

    @Test("ESP-in-UDP", arguments: MatrixProtocols.inUDP)
    func inUDP(_ test: MatrixCase) throws { try test.run() }

    @Test("AH", arguments: MatrixProtocols.ah)
    func ah(_ test: MatrixCase) throws { try test.run() }

    @Test("IPComp", arguments: MatrixProtocols.ipComp)
    func ipComp(_ test: MatrixCase) throws { try test.run() }

    @Test("packets that are sent once more", arguments: MatrixAttacks.replay)
    func replay(_ test: MatrixCase) throws { try test.run() }

    @Test("packets that are changed on the way", arguments: MatrixAttacks.tampering.thinned(to: 5))
    func tampering(_ test: MatrixCase) throws { try test.run() }

    @Test("packets longer than a path takes", arguments: MatrixSizes.fragments)
    func fragments(_ test: MatrixCase) throws { try test.run() }

    @Test("how long packets may be", arguments: MatrixSizes.pathMTU)
    func pathMTU(_ test: MatrixCase) throws { try test.run() }

    @Test("padding", arguments: MatrixSizes.padding)
    func padding(_ test: MatrixCase) throws { try test.run() }

    @Test("DSCP and ECN", arguments: MatrixHeaders.outer + MatrixHeaders.inner)
    func headers(_ test: MatrixCase) throws { try test.run() }

    @Test("limits", arguments: MatrixLimits.all)
    func limits(_ test: MatrixCase) throws { try test.run() }

    @Test("SAs that are asked for", arguments: MatrixEvents.acquire)
    func acquire(_ test: MatrixCase) throws { try test.run() }

    @Test("a peer that is somewhere else", arguments: MatrixEvents.mapping + MatrixEvents.migration)
    func moves(_ test: MatrixCase) throws { try test.run() }

    @Test("policies", arguments: MatrixPolicies.all)
    func policies(_ test: MatrixCase) throws { try test.run() }

    @Test("marks, interfaces and directions", arguments: MatrixTags.all)
    func tags(_ test: MatrixCase) throws { try test.run() }
  }
}
