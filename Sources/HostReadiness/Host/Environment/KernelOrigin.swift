/// Whose kernel a host runs, where its release tells.
struct KernelOrigin: Hashable, Sendable {
  /// `Ubuntu's for AWS`
  var title: String
  /// Whether a distribution makes it, and not whoever provides the machine.
  var isDistributions: Bool
  /// What that means for IPsec.
  var meaning: String
  /// What to do if the kernel lacks something.
  var advice: String
}

extension KernelOrigin {
  /// `nil` if there is nothing special about the release.
  init?(_ tree: FileTree, _ distribution: Distribution?, release: String) {
    let isChromebook =
      tree.exists("/dev/.cros_milestone") || tree.exists("/opt/google/cros-containers")
    let known = distribution?.id == "ubuntu" ? Self.ubuntu + Self.others : Self.others
    let match = known.first { row in row.patterns.contains(where: release.matches) }
    guard let origin = isChromebook ? Self.chromeOS : match?.origin else { return nil }
    self = origin
  }
}

extension String {
  /// Whether it contains a pattern, in which `#` stands for a digit and `$` at the end for its end.
  func matches(pattern: String) -> Bool {
    let isAnchored = pattern.hasSuffix("$")
    let wanted = Array(isAnchored ? pattern.dropLast() : pattern[...])
    let letters = Array(lowercased())
    guard letters.count >= wanted.count else { return false }
    let last = letters.count - wanted.count
    return (isAnchored ? last...last : 0...last).contains { start in
      wanted.indices.allSatisfy { index in
        let letter = letters[start + index]
        return wanted[index] == "#" ? letter.isASCII && letter.isNumber : letter == wanted[index]
      }
    }
  }
}
