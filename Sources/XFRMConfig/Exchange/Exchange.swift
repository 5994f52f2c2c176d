public import XFRMKit

/// Policies and SAs on their way from one form to another: the kernel's, a configuration's, that of
/// another program or of RFC 9061.
///
/// What the form they go to has no words for is left behind, and told of.
public struct Exchange: Sendable {
  /// Something that was left behind.
  public struct Loss: Hashable, Sendable {
    /// What it is about: the name of an entry, or what the other form calls it.
    public var object: String
    /// What of it, or why all of it: `a lifetime`
    public var explanation: String
    /// Whether all of it was left behind.
    public var isWhole: Bool

    init(_ object: String, _ explanation: String, isWhole: Bool) {
      self.object = object
      self.explanation = explanation
      self.isWhole = isWhole
    }
  }

  /// The strongest first.
  public internal(set) var policies: [SPDEntry] = []
  /// SAs, with references in the place of keys.
  public internal(set) var associations: [SADEntry] = []
  /// What becomes of packets that no policy is for; `nil` if nobody said.
  public internal(set) var defaultActions: DefaultActions?
  /// What was left behind.
  public internal(set) var losses: [Loss] = []
  /// The keys of those SAs that may have them again, by the names of their entries.
  var keys: [String: Secret] = [:]
  /// Where references to keys say that they are.
  let keyFolder: String
  private var names: [Kind: Set<String>] = [:]
  /// The last number behind each stem.
  private var numbers: [Kind: [String: Int]] = [:]

  /// What names are unique among.
  enum Kind { case policy, association }

  /// Where keys are looked for if nobody says anything else.
  public static let usualKeyFolder = "/etc/xfrmctl/keys"

  init(keyFolder: String = Self.usualKeyFolder) { self.keyFolder = keyFolder }

  mutating func lose(_ object: String, _ explanation: String, isWhole: Bool = false) {
    losses.append(Loss(object, explanation, isWhole: isWhole))
  }

  /// A name that a configuration takes, and that nothing else of the kind has.
  ///
  /// - Parameters:
  ///   - wanted: What it is to be like.
  ///   - kind: Of what.
  mutating func name(like wanted: String, of kind: Kind) -> String {
    var stem = String(
      wanted.prefix(48).map { character in
        character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
          ? character : "-"
      })
    if stem.first.map({ !$0.isLetter && !$0.isNumber }) ?? true { stem = "x" + stem }
    var name = stem
    while !names[kind, default: []].insert(name).inserted {
      numbers[kind, default: [:]][stem, default: 1] += 1
      name = "\(stem)-\(numbers[kind]?[stem] ?? 1)"
    }
    return name
  }
}
