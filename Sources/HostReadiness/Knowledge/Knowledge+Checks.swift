extension KnowledgeBase {
  /// What every check of the catalogue is about.
  static let checks = CheckDefinition.all.map { KnowledgeEntry.check($0) }
}
