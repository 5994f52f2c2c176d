/// Something that looks like a Linux kernel of the host's own and is not.
enum Imitation: Hashable, Sendable {
  /// Google's kernel in a program: it speaks no XFRM.
  case gVisor(Evidence)
  /// System calls that Windows answers itself.
  case wsl1(Evidence)
  /// Microsoft's kernel in a virtual machine under Windows.
  case wsl2(Evidence)
}

extension Imitation {
  init?(_ tree: FileTree, release: String) throws(FileError) {
    if let version = try tree.line("/proc/version"), version.contains(Self.gVisorBuild) {
      self = .gVisor(Evidence("/proc/version", version))
    } else if release.hasSuffix("-Microsoft") {
      self = .wsl1(Evidence("uname -r", release))
    } else if release.contains("microsoft") || release.contains("WSL2") {
      self = .wsl2(Evidence("uname -r", release))
    } else if tree.exists("/run/WSL") {
      self = .wsl2(Evidence("/run/WSL", "is there"))
    } else {
      return nil
    }
  }

  /// When gVisor's kernel says it was built, whichever its version.
  private static let gVisorBuild = "#1 SMP Sun Jan 10 15:06:54 PST 2016"

  var isGVisor: Bool { if case .gVisor = self { true } else { false } }

  var title: String {
    switch self {
    case .gVisor: "gVisor"
    case .wsl1: "WSL 1"
    case .wsl2: "WSL 2"
    }
  }

  var evidence: Evidence {
    switch self {
    case .gVisor(let evidence), .wsl1(let evidence), .wsl2(let evidence): evidence
    }
  }

  /// What it means for IPsec.
  var meaning: String {
    switch self {
    case .gVisor: "gVisor answers system calls itself, and has no XFRM"
    case .wsl1: "WSL 1 has no Linux kernel: Windows answers system calls itself, and has no XFRM"
    case .wsl2:
      "WSL 2 runs Microsoft's kernel, which has ESP but not all that belongs to it (no AH, "
        + "and in older ones no xt_policy and no IPv6 routing rules)"
    }
  }

  var remedy: Remedy {
    switch self {
    case .gVisor:
      Remedy(
        "run it in a virtual machine with a kernel of its own, or under another runtime (runc)")
    case .wsl1:
      Remedy(
        "convert the distribution to WSL 2, in Windows: `wsl --set-version NAME 2`; or use a "
          + "virtual machine")
    case .wsl2:
      Remedy(
        "where something is missing, name a kernel that has it in %UserProfile%\\.wslconfig "
          + "(kernel=), or use a virtual machine")
    }
  }
}
