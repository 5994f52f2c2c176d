internal import XFRMKit

extension CheckDefinition {
  /// Every check, group by group, each behind those that it depends on.
  static let all = all(proposals: [])

  /// - Parameter proposals: Those of a profile, for each of which there is a check.
  private static func all(proposals: [ESPProposal]) -> [CheckDefinition] {
    host + interface + protocols(proposals) + encapsulation + ports + features + traffic + modules
      + routing + packetFilter + programs
  }

  /// Those that a profile wants done.
  static func all(for profile: Profile) -> [CheckDefinition] {
    all(proposals: profile.proposals).filter { profile.severity(of: $0) != nil }
  }
}
