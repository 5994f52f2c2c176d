// swift-tools-version: 6.2
import PackageDescription

// As a package of somebody else's would have it; there with a URL and a version in the path's place.
let package = Package(
  name: "lab-scenario",
  dependencies: [.package(name: "xfrmctl", path: "../..")],
  targets: [
    .executableTarget(
      name: "lab-scenario",
      dependencies: [
        .product(name: "XFRMKit", package: "xfrmctl"),
        .product(name: "XFRMLab", package: "xfrmctl"),
      ],
      path: "Sources", swiftSettings: [.swiftLanguageMode(.v6)])
  ]
)
