extension KernelOrigin {
  /// A kernel, and what a release of it contains: ``Swift/String/matches(pattern:)``.
  typealias Row = (patterns: [String], origin: KernelOrigin)

  static let chromeOS = KernelOrigin(
    title: "Chrome OS's", isDistributions: false,
    meaning: "a Chromebook's Linux is a container in a virtual machine with a kernel for just that",
    advice: "use another host")

  static let others: [Row] = [
    (["-linode#"], linode), (["-grs-", "-std-ipv6-64"], ovh),
    (["scaleway", "-mainline-rev#"], scaleway), (["linuxkit"], dockerDesktop),
    (["termina"], chromeOS), (["synology"], appliance("Synology's")),
    (["qnap"], appliance("QNAP's")), (["-pve$"], proxmox),
    (["-v#+$", "-v#l+$", "rpi-"], raspberryPi), ([".amzn#"], amazon), (["-cloud-"], debianCloud),
  ]

  static let ubuntu: [Row] = [
    (["-kvm$"], ubuntuKVM), (["-raspi$"], ubuntuRaspberryPi),
    (["-virtual$"], split("VMs")), (["-aws$"], split("AWS")), (["-azure$"], split("Azure")),
    (["-gcp$"], split("Google Cloud")), (["-gke$"], split("GKE")),
    (["-oracle$"], split("Oracle Cloud")), (["-ibm$"], split("IBM Cloud")),
  ]

  // MARK: - Providers'

  private static let linode = KernelOrigin(
    title: "Linode's", isDistributions: false,
    meaning: "Linode's older kernels come without their modules",
    advice: "choose “GRUB 2” as the kernel in the Linode's configuration, then reboot")

  private static let ovh = KernelOrigin(
    title: "OVH's", isDistributions: false,
    meaning: "OVH builds it without af_key and parts of IPsec",
    advice: "install the distribution's own kernel (OVH calls it the original one), then reboot")

  private static let scaleway = KernelOrigin(
    title: "Scaleway's", isDistributions: false,
    meaning: "Scaleway's older kernels (4.4) have no IPsec",
    advice: "choose local boot, which boots the distribution's kernel")

  private static let dockerDesktop = KernelOrigin(
    title: "Docker Desktop's", isDistributions: false,
    meaning: "it has ESP on some processors and in some versions only",
    advice: "update Docker Desktop, or use a Linux host")

  private static func appliance(_ title: String) -> KernelOrigin {
    KernelOrigin(
      title: title, isDistributions: false,
      meaning: "it is an appliance's, often old and without parts of IPsec",
      advice: "run a virtual machine on the appliance")
  }

  // MARK: - Distributions'

  private static let proxmox = KernelOrigin(
    title: "Proxmox VE's", isDistributions: true,
    meaning: "it is complete; in a container, it is the node's",
    advice: "load the modules on the node")

  private static let raspberryPi = KernelOrigin(
    title: "Raspberry Pi OS's", isDistributions: true,
    meaning: "it has xfrm interfaces since 2023 only, and older ones have no AES-GCM",
    advice: "upgrade (apt full-upgrade), then reboot")

  private static let amazon = KernelOrigin(
    title: "Amazon Linux's", isDistributions: true,
    meaning: "it has xfrm interfaces since 6.1.141-165.249 only",
    advice: "upgrade (dnf upgrade kernel), then reboot")

  private static let debianCloud = KernelOrigin(
    title: "Debian's for clouds", isDistributions: true,
    meaning: "it has IPsec, but neither PPP nor L2TP",
    advice: "install linux-image-amd64 or linux-image-arm64, then reboot")

  private static let ubuntuKVM = KernelOrigin(
    title: "Ubuntu's for KVM", isDistributions: true,
    meaning: "it is a small one, without parts of IPsec",
    advice: "install linux-generic or linux-virtual, then reboot")

  private static let ubuntuRaspberryPi = KernelOrigin(
    title: "Ubuntu's for Raspberry Pi", isDistributions: true,
    meaning: "since 21.10 its XFRM modules are in a package of their own",
    advice: "install linux-modules-extra-raspi")

  private static func split(_ machines: String) -> KernelOrigin {
    KernelOrigin(
      title: "Ubuntu's for \(machines)", isDistributions: true,
      meaning: "its rarer modules are in the package linux-modules-extra",
      advice: "install linux-modules-extra for the running release; if it is no longer to be had, "
        + "upgrade and reboot first")
  }
}
