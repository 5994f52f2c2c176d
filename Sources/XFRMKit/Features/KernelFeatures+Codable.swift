extension KernelFeatures: Codable {
  private enum CodingKeys: String, CodingKey {
    case bootID
    case present
  }

  /// Reads what is known to be present, if it was found out since the machine was last started.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let writer = try container.decodeIfPresent(String.self, forKey: .bootID)
    let present = try container.decode([Feature].self, forKey: .present)
    self.init()
    guard let bootID, writer == bootID else { return }
    for feature in present { note(.present, about: feature) }
  }

  /// Writes what is present: what is not may come to be.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(bootID, forKey: .bootID)
    let present = answers.filter { $0.value == .present }.keys
    try container.encode(present.sorted { "\($0)" < "\($1)" }, forKey: .present)
  }
}

extension KernelFeatures {
  /// The kernel's name for its run; `nil` where there is no `/proc`.
  static var currentBootID: String? {
    do throws(SystemErrno) {
      let text = try kernelText(at: "/proc/sys/kernel/random/boot_id")
      return String(text.prefix { $0 != "\n" })
    } catch {
      return nil
    }
  }
}
