/// A check as the catalogue has it, whatever the host.
public struct CatalogueEntry: Hashable, Sendable, Identifiable {
  public let id: CheckID
  public let group: Check.Group
  public let title: String
  /// What the check does.
  public let about: String
  /// What it means if it does not pass.
  public let why: String
  /// What to do then, on any host.
  public let advice: String
  /// Checks that tell more about the same.
  public let related: [CheckID]
  /// Checks without which this one cannot be carried out.
  public let dependsOn: [CheckID]
  /// The options of `xfrmctl check` that it takes to have it done, if it does.
  public let options: String?
  private let importance: Importance
  private let explains: CheckID?

  /// Every check, in the order of reports.
  public static let all = CheckDefinition.all.map { CatalogueEntry($0) }

  /// How much it matters under a profile; `nil` if it is not done.
  ///
  /// - Parameter profile: What a host would be held against.
  public func severity(under profile: Profile) -> Check.Severity? {
    profile.severity(of: id, importance, explaining: explains)
  }
}

extension CatalogueEntry {
  init(_ definition: CheckDefinition) {
    id = definition.id
    group = definition.group
    title = definition.title
    about = definition.about
    why = definition.why
    advice = definition.advice
    related = definition.related
    dependsOn = definition.dependsOn
    options = definition.demand?.options
    importance = definition.importance
    explains = definition.explains
  }
}

extension Demand {
  fileprivate var options: String {
    switch self {
    case .traffic: "--live"
    case .throughput: "--live --bench"
    }
  }
}
