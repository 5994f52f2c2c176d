public import XFRMKit

/// Makes the keys of connections: each generation as two bundles, one for each end.
public struct KeyMaker: Sendable {
  /// Where this end's bundles are.
  public let directory: KeyDirectory
  /// Where those of the other ends are, until somebody takes them there.
  public let peerDirectory: KeyDirectory
  /// SPIs that something else has: configurations, the kernel.
  public var usedSPIs: Set<UInt32> = []
  /// Request IDs that something else has.
  public var usedRequestIDs: Set<UInt32> = []

  /// Makes keys into two directories.
  ///
  /// - Parameters:
  ///   - directory: Where this end's bundles are.
  ///   - peerDirectory: Where those of the other ends go; another one.
  public init(_ directory: KeyDirectory, peerDirectory: KeyDirectory) {
    self.directory = directory
    self.peerDirectory = peerDirectory
  }

  /// Makes the next generation of each connection.
  ///
  /// The other end's bundle is written first: what is killed between the two leaves none here that
  /// the other end would never get.
  ///
  /// - Parameter wanted: The names of connections, and what their keys are for.
  /// - Returns: This end's bundles.
  public func make(
    _ wanted: [(connection: String, proposal: ESPProposal)]
  ) throws(StoreProblem) -> [KeyBundleFile] {
    let folder = try directory.folder()
    guard try folder.identity() != peerDirectory.folder().identity() else {
      throw StoreProblem(
        directory.path, that: "cannot have the bundles of both ends; they have the same names")
    }
    return try folder.locked { () throws(StoreProblem) in
      var survey = try survey()
      var made: [KeyBundleFile] = []
      for (connection, proposal) in wanted {
        guard let bundle = survey.next(connection, proposal) else {
          throw StoreProblem(directory.path, that: "has no generation, SPI or request ID left")
        }
        try peerDirectory.write(bundle.forOtherEnd)
        try directory.write(bundle)
        made.append(bundle)
      }
      return made
    }
  }

  /// Looks at all that is there.
  private func survey() throws(StoreProblem) -> Survey {
    var survey = Survey(usedSPIs, usedRequestIDs)
    for directory in [directory, peerDirectory] {
      for (connection, generations) in try directory.generations() {
        for generation in generations {
          survey.note(try directory.bundle(of: connection, generation: generation))
        }
      }
    }
    return survey
  }

  /// What numbers are taken.
  private struct Survey {
    private var spis: NumberSupply
    private var requestIDs: NumberSupply
    private var newest: [String: (generation: UInt32, requestID: UInt32)] = [:]

    init(_ usedSPIs: Set<UInt32>, _ usedRequestIDs: Set<UInt32>) {
      spis = NumberSupply(Ranges.spis, used: usedSPIs)
      requestIDs = NumberSupply(Ranges.requestIDs, used: usedRequestIDs)
    }

    mutating func note(_ bundle: KeyBundleFile) {
      spis.exclude(bundle.incoming.spi.rawValue)
      spis.exclude(bundle.outgoing.spi.rawValue)
      requestIDs.exclude(bundle.requestID)
      if newest[bundle.connection].map({ $0.generation < bundle.generation }) ?? true {
        newest[bundle.connection] = (bundle.generation, bundle.requestID)
      }
    }

    /// `nil` if there are no numbers left.
    mutating func next(_ connection: String, _ proposal: ESPProposal) -> KeyBundleFile? {
      let last = newest[connection]
      guard last?.generation != .max, let incoming = spis.take(), let outgoing = spis.take(),
        let requestID = last?.requestID ?? requestIDs.take()
      else { return nil }
      let bytes = AssociationEntry.Protection.esp(proposal).keyBytes
      let bundle = KeyBundleFile(
        connection: connection, generation: (last?.generation ?? 0) + 1, requestID: requestID,
        proposal: proposal.name,
        incoming: .init(spi: SPI(rawValue: incoming), key: .random(count: bytes)),
        outgoing: .init(spi: SPI(rawValue: outgoing), key: .random(count: bytes)))
      note(bundle)
      return bundle
    }
  }
}
