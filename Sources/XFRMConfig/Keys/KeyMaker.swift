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
  /// What is known of connections whose files may be gone (``Manager/keyTraces(of:)``): the same
  /// generation with other keys would pass for the one that is in use.
  public var traces: [String: KeyTrace] = [:]

  /// Makes keys into two directories.
  ///
  /// - Parameters:
  ///   - directory: Where this end's bundles are.
  ///   - peerDirectory: Where those of the other ends go; another one.
  public init(_ directory: KeyDirectory, peerDirectory: KeyDirectory) {
    self.directory = directory
    self.peerDirectory = peerDirectory
  }

  /// Makes the next generation of each connection: above all that there are files of, whether they
  /// can be read or not, and above all that is known besides.
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
    for (connection, trace) in traces {
      survey.note(connection, trace.generation, requestID: trace.requestID)
    }
    for directory in [directory, peerDirectory] {
      for (connection, generations) in try directory.generations() {
        for generation in generations {
          // One that cannot be read is what new keys are made for. Its number is in its name, and its
          // SPIs are the kernel's if they are in use.
          if let bundle = try? directory.bundle(of: connection, generation: generation) {
            survey.note(bundle)
          } else {
            survey.note(connection, generation)
          }
        }
      }
    }
    return survey
  }

  /// What numbers are taken.
  private struct Survey {
    /// The latest generation of a connection, and the request ID of the latest that tells one.
    private struct Newest {
      var generation: UInt32 = 0
      var requestID: (generation: UInt32, value: UInt32)?
    }

    private var spis: NumberSupply
    private var requestIDs: NumberSupply
    private var newest: [String: Newest] = [:]

    init(_ usedSPIs: Set<UInt32>, _ usedRequestIDs: Set<UInt32>) {
      spis = NumberSupply(Ranges.spis, used: usedSPIs)
      requestIDs = NumberSupply(Ranges.requestIDs, used: usedRequestIDs)
    }

    mutating func note(_ bundle: KeyBundleFile) {
      spis.exclude(bundle.incoming.spi.rawValue)
      spis.exclude(bundle.outgoing.spi.rawValue)
      note(bundle.connection, bundle.generation, requestID: bundle.requestID)
    }

    mutating func note(_ connection: String, _ generation: UInt32, requestID: UInt32? = nil) {
      var known = newest[connection] ?? Newest()
      known.generation = max(known.generation, generation)
      // SAs may have one that a configuration says, which no bundle has.
      if let requestID, Ranges.requestIDs.contains(requestID) {
        requestIDs.exclude(requestID)
        if known.requestID.map({ $0.generation <= generation }) ?? true {
          known.requestID = (generation, requestID)
        }
      }
      newest[connection] = known
    }

    /// `nil` if there are no numbers left.
    mutating func next(_ connection: String, _ proposal: ESPProposal) -> KeyBundleFile? {
      let last = newest[connection] ?? Newest()
      guard last.generation != .max, let incoming = spis.take(), let outgoing = spis.take(),
        let requestID = last.requestID?.value ?? requestIDs.take()
      else { return nil }
      let bytes = AssociationEntry.Protection.esp(proposal).keyBytes
      let bundle = KeyBundleFile(
        connection: connection, generation: last.generation + 1, requestID: requestID,
        proposal: proposal.name,
        incoming: .init(spi: SPI(rawValue: incoming), key: .random(count: bytes)),
        outgoing: .init(spi: SPI(rawValue: outgoing), key: .random(count: bytes)))
      note(bundle)
      return bundle
    }
  }
}
