/// Something that keeps a module from being loaded.
public struct ModuleBlock: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    /// `install esp4 /bin/false`: a command that loads nothing stands in for loading.
    case install
    /// `blacklist esp4`: it is not loaded when the kernel asks for it; by name it is.
    case blacklist
    /// `alias esp4 off`: the name leads to nothing.
    case alias
    /// `module_blacklist=esp4`: the kernel itself refuses it until it is booted without.
    case commandLine = "command-line"
  }

  public var kind: Kind
  /// Where it says so: `/etc/modprobe.d/local.conf`
  public var file: String
  /// `nil` where the file has only one.
  public var line: Int?
  /// What it says.
  public var text: String
  /// Whether it looks like what vendors ship against Dirty Frag, a flaw in the kernel's ESP.
  public var isMitigation = false

  /// `/etc/modprobe.d/local.conf:3`
  public var location: String { line.map { "\(file):\($0)" } ?? file }
}

extension ModuleBlock {
  /// Whether a file of modprobe.d is there because of Dirty Frag (CVE-2026-43284), of what was found
  /// after it (CVE-2026-46300), or of the like in rxrpc (CVE-2026-43500).
  ///
  /// - Parameters:
  ///   - file: Its path.
  ///   - text: All that it says, remarks included.
  ///   - modules: Those that it blocks.
  static func isMitigation(file: String, text: String, blocking modules: Set<String>) -> Bool {
    // The three that the first advice named together.
    if modules.isSuperset(of: ["esp4", "esp6", "rxrpc"]) { return true }
    let words = (file + "\n" + text).lowercased()
    return [
      "dirtyfrag", "dirty-frag", "dirty_frag", "dirty frag", "fragnesia", "cve-2026-43284",
      "cve-2026-43500", "cve-2026-46300",
    ].contains { words.contains($0) }
  }
}
