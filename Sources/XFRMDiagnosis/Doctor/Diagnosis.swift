/// What was found wrong.
public struct Diagnosis: Sendable {
  /// Causes, the one that the others may come from first. Empty if nothing is wrong.
  public let causes: [Cause]
  /// Whether nothing was found wrong.
  public var isHealthy: Bool { causes.isEmpty }
  /// Packets that went through SAs meanwhile: without any, little can be said. Where both ends were
  /// seen, as many as were sent.
  public let packets: UInt64

  /// Judges what was seen.
  ///
  /// - Parameters:
  ///   - host: The host that is asked.
  ///   - peer: The other end, if it was seen, too. Then keys, SPIs and sequence numbers are
  ///     compared.
  public init(_ host: HostEvidence, peer: HostEvidence? = nil) {
    let views = [HostView(host)] + (peer.map { [HostView($0)] } ?? [])
    var found = views.flatMap { view in
      view.surroundings + view.outgoing + view.incoming + view.symptoms
    }
    if views.count == 2 {
      found += views[0].differences(to: views[1]) + views[1].differences(to: views[0])
    }
    let isExplained = found.contains { !$0.isSymptom }
    let rank = Dictionary(
      uniqueKeysWithValues: CauseID.allCases.enumerated().map { ($1, $0) })
    causes = found.distinct(by: \.self).filter { !$0.isSymptom || !isExplained }
      .sorted { rank[$0.id, default: 0] < rank[$1.id, default: 0] }
    packets = views.reduce(0) { sum, view in
      let counted = peer == nil ? view.associations : view.outgoingAssociations
      return counted.reduce(sum) { $0 + view.rise($1) }
    }
  }
}
