/// A family of package managers.
private enum PackageManager {
  case apt(isUbuntu: Bool)
  case dnf
  case zypper
  case apk
  case pacman
}

extension HostFacts {
  private var packageManager: PackageManager? {
    guard let distribution else { return nil }
    for id in [distribution.id] + distribution.relatives {
      switch id {
      case "ubuntu": return .apt(isUbuntu: true)
      case "debian", "raspbian": return .apt(isUbuntu: false)
      case "fedora", "rhel", "centos", "almalinux", "rocky", "amzn": return .dnf
      case "suse", "opensuse", "sles": return .zypper
      case "alpine": return .apk
      case "arch": return .pacman
      default: continue
      }
    }
    return nil
  }

  private var debianArchitecture: String {
    switch architecture {
    case "x86_64": "amd64"
    case "aarch64": "arm64"
    case "armv7l": "armmp"
    case "ppc64le": "powerpc64le"
    default: architecture
    }
  }

  /// How to install a program's package.
  func installing(_ package: String) -> Remedy {
    let command: String? =
      switch packageManager {
      case .apt: "apt install \(package)"
      case .dnf: "dnf install \(package)"
      case .zypper: "zypper install \(package)"
      case .apk: "apk add \(package)"
      case .pacman: "pacman -S \(package)"
      case nil: nil
      }
    return Remedy("install \(package)", command: command)
  }

  /// How to install the distribution's own kernel.
  var kernelCommand: String? {
    switch packageManager {
    case .apt(isUbuntu: true): "apt install linux-generic"
    // What an image's programs are made for may not be known.
    case .apt(isUbuntu: false) where architecture == "unknown": nil
    case .apt(isUbuntu: false): "apt install linux-image-\(debianArchitecture)"
    case .dnf: "dnf install kernel kernel-modules-extra"
    case .zypper: "zypper install kernel-default"
    case .apk: "apk add linux-lts"
    case .pacman: "pacman -S linux"
    case nil: nil
    }
  }

  /// Whether there can be a package of the running kernel: Debian's and Ubuntu's have more to their
  /// names than a version, such as `-44-amd64`.
  private var isNamedByDistribution: Bool { kernelRelease.contains("-") }

  /// How to bring the kernel up to date.
  var upgradeCommand: String? {
    switch packageManager {
    case .apt: "apt update && apt full-upgrade"
    case .dnf: "dnf upgrade kernel"
    case .zypper: "zypper update kernel-default"
    case .apk: "apk upgrade"
    case .pacman: "pacman -Syu"
    case nil: nil
    }
  }

  /// How to install the running kernel's modules where there are none.
  var installingModules: Remedy {
    let command: String? =
      switch packageManager {
      case .apt where !isNamedByDistribution: nil
      case .apt(let isUbuntu):
        "apt install linux-\(isUbuntu ? "modules" : "image")-\(kernelRelease)"
      case .dnf: "dnf install kernel-modules-\(kernelRelease)"
      case .zypper, .apk, .pacman, nil: nil
      }
    return Remedy("install the modules of the kernel \(kernelRelease)", command: command)
  }

  /// How to complete the running kernel's modules where some are missing.
  var reinstallingModules: Remedy {
    let command: String? =
      switch packageManager {
      case .apt where !isNamedByDistribution: nil
      case .apt(let isUbuntu):
        isUbuntu
          ? "apt install linux-modules-extra-\(kernelRelease)"
          : "apt install --reinstall linux-image-\(kernelRelease)"
      case .dnf: "dnf install kernel-modules-extra-\(kernelRelease)"
      case .zypper: "zypper install --force kernel-default"
      case .apk: "apk fix linux-lts"
      case .pacman: "pacman -S linux"
      case nil: nil
      }
    return Remedy("install the rest of the kernel \(kernelRelease)'s modules", command: command)
  }
}
