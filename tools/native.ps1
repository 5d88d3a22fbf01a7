# The functions of build.ps1 that build for other machines than this. It dot-sources this; what stands here uses what
# stands there.

# The target, which the compiler has to know.
function Get-Target {
    Assert-Tool cargo 'to build the native library and the simulator (Rust 1.95 or later)'
    $native = Get-HostTarget
    if ($Target -and $Target -ne $native -and (Get-Command rustup -CommandType Application -ErrorAction Ignore)) {
        Invoke-Tool rustup 'target', 'add', $Target
    }
    if ($Target) { $Target } else { $native }
}

function Build-ShippedSimulator {
    $triple = Get-Target
    Build-Simulator '--target', $triple
    $build = Get-NativeBuild $triple $triple
    $rid = [IO.Path]::GetDirectoryName($build.Shipped)
    $name = [IO.Path]::GetFileName($build.Simulator)
    Publish-File $build.Simulator ([IO.Path]::Combine($Checkout, 'out', 'simulator', $rid, $name))
}

# Builds the library as it is shipped: it tells nothing of the machine it was built on, and on Windows it needs nothing
# that is not there. Its flags differ from those of the build task, so it has a folder of its own in cargo's.
function Build-Native {
    $triple = Get-Target
    $build = Get-NativeBuild $triple $triple 'release'
    $homes = $env:CARGO_HOME, [IO.Path]::Combine([Environment]::GetFolderPath('UserProfile'), '.cargo')
    $flags = @(
        '--remap-path-prefix', "$($homes.Where({ $_ }, 'First'))=cargo"
        '--remap-path-prefix', "$(& rustc --print sysroot)=rust"
        '--remap-path-prefix', "$Checkout=DattoRMM"
        if ($triple -like '*-windows-msvc') { '-C', 'target-feature=+crt-static' }
    )
    $linkFlags = @(switch -Wildcard ($triple) {
        '*-linux-gnu' {
            $glibc = [IO.Path]::Combine($NativeFolder, 'glibc')
            & ([IO.Path]::Combine($PSScriptRoot, 'glibc.ps1')) -Output $glibc
            '-L', "native=$glibc", '-C', "link-arg=$([IO.Path]::Combine($glibc, 'stat.o'))"
        }
        # Else it is the path of the file that the linker writes.
        '*-apple-darwin' { '-C', 'link-arg=-Wl,-install_name,@rpath/drmm_native.dylib' }
    })
    $kept = $env:CARGO_ENCODED_RUSTFLAGS
    $env:CARGO_ENCODED_RUSTFLAGS = $flags -join [char] 0x1f
    try {
        Invoke-Tool cargo (@('rustc', '--locked', '-p', 'drmm-ffi', '--lib', '--crate-type', 'cdylib', '--release',
            '--target', $triple, '--') + $linkFlags)
    }
    finally {
        $env:CARGO_ENCODED_RUSTFLAGS = $kept
    }
    Publish-File $build.Library ([IO.Path]::Combine($NativeFolder, $build.Shipped))
    "Built $([IO.Path]::Combine($NativeFolder, $build.Shipped))" | Out-Host
}
