extension CheckDefinition {
  /// Every check, group by group, each behind those that it depends on.
  static let all: [CheckDefinition] =
    host + interface + protocols + encapsulation + features + traffic + modules + routing
    + packetFilter + programs

  /// Those that a profile wants done.
  static func all(for profile: Profile) -> [CheckDefinition] {
    all.filter { profile.severity(of: $0) != nil }
  }
}

// MARK: - The groups

extension CheckDefinition {
  static let host: [CheckDefinition] = [privilege]
  static let interface: [CheckDefinition] = [netlink]
  static let protocols: [CheckDefinition] = ESPVariant.all.map(esp)
  static let encapsulation: [CheckDefinition] = []
  static let features: [CheckDefinition] = []
  static let traffic: [CheckDefinition] = []
  static let routing: [CheckDefinition] = []
  static let packetFilter: [CheckDefinition] = []
  static let programs: [CheckDefinition] = []
}
