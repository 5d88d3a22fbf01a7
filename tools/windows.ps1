# The functions of build.ps1 that test on Windows without Windows; it dot-sources this, and what stands here uses what
# stands there. docs/platforms.md says what this shows and what it does not.

$WindowsTarget = 'x86_64-pc-windows-gnu'
$WindowsFolder = [IO.Path]::Combine($Checkout, 'out', 'windows')
# In the lab's chroot, since the checkout is read-only there.
$WindowsCargo = '/b/target'

function Get-LabScript {
    $beside = [IO.Path]::Combine($Checkout, '..', 'shared', 'windows-lab')
    $folder = @($Lab, $env:DRMM_WINDOWS_LAB, $beside).Where({ $_ }, 'First')[0]
    [IO.Path]::GetFullPath([IO.Path]::Combine($folder, 'winlab.sh'))
}

# Builds for Windows and runs the tests under Wine; the same interop on Mono, which is nearest to Windows PowerShell.
function Test-Windows {
    $LabScript = Get-LabScript
    $reason = Get-LabLack
    if ($reason) {
        "tests on Windows: not run: $reason" | Out-Host
        Complete-Test @()
        return
    }
    try {
        Build-Module
        Start-Lab
        $packed = Build-WindowsPackage
        Build-WindowsTest $packed
        $parts = @(Test-WindowsRust; Test-WindowsEngine $packed; Test-WindowsInterop; Test-Mono)
    }
    catch {
        $_ | Out-Host
        $parts = @([pscustomobject]@{ Part = 'build for Windows'; Passed = 0; Failed = 1; Note = 'nothing was tested' })
    }
    finally {
        Stop-Lab
    }
    Complete-Test $parts
}

# Why there is no lab on this machine; nothing if there is one.
function Get-LabLack {
    if (-not [IO.File]::Exists($LabScript)) {
        "there is no $LabScript; -Lab or DRMM_WINDOWS_LAB names its folder"
    }
    elseif (-not (Get-Command apt-get -CommandType Application -ErrorAction Ignore)) {
        'the lab is made of Debian packages'
    }
    elseif ((& id -u) -ne 0) {
        'the lab needs root'
    }
}

# The lab finds the checkout, and what may lie beside it, at the same paths.
function Start-Lab {
    if (-not $env:LAB) {
        $env:LAB = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'windows-lab')
    }
    $shared = [IO.Path]::GetFullPath([IO.Path]::Combine($Checkout, '..', 'shared'))
    $env:BINDS = @($Checkout) + @(if ([IO.Directory]::Exists($shared)) { $shared }) -join ' '
    if (-not $env:MIRROR -and -not [IO.File]::Exists([IO.Path]::Combine($env:LAB, 'etc', 'debian_version'))) {
        # The lab takes the mirror that apt knows, which it knows from its lists only.
        Invoke-Tool apt-get 'update', '-q'
    }
    Invoke-Tool $LabScript 'setup'
}

function Stop-Lab {
    if ($env:BINDS) {
        & $LabScript sh 'wineserver -k -w' | Out-Host
        & $LabScript umount | Out-Host
    }
}

# The package with the library for Windows alone, in a folder whose letters no code page has.
function Build-WindowsPackage {
    # Our standard library there has no bitcode, so nothing can be optimised across crates.
    Invoke-Tool $LabScript 'sh', ("cd '$Checkout' && CARGO_TARGET_DIR=$WindowsCargo cargo rustc --locked -p drmm-ffi " +
        "--lib --crate-type cdylib --release --config profile.release.lto=false --target $WindowsTarget") | Out-Host
    $libraries = [IO.Path]::Combine($WindowsFolder, 'native')
    $built = [IO.Path]::Combine("$env:LAB$WindowsCargo", $WindowsTarget, 'release', 'drmm_native.dll')
    Publish-File $built ([IO.Path]::Combine($libraries, 'win-x64', 'drmm_native.dll'))
    $folder = [IO.Path]::Combine($WindowsFolder, "Ger$([char] 0xe4)te $([char] 0x7ba1)$([char] 0x7406)")
    & ([IO.Path]::Combine($Checkout, 'tools', 'package.ps1')) -Module $Module -Native $libraries -Output $folder |
        Out-Host
    [IO.Path]::Combine($folder, 'DattoRMM', (Get-Version))
}

# The tests as programs, with their runtimes: those for Windows and, for .NET Framework, those for Mono.
function Build-WindowsTest([string] $Packed) {
    $quiet = '-c', 'Release', '-warnaserror', '--nologo', '-v', 'quiet'
    $engine = 'tests/engine/DattoRMM.Engine.Tests.csproj'
    $interop = 'tests/framework/DattoRMM.Framework.Tests.csproj'
    $windows = '-r', 'win-x64', '--self-contained', '-p:UseAppHost=true'
    Invoke-Tool dotnet (@('publish', $engine, '-o', [IO.Path]::Combine($WindowsFolder, 'engine')) + $windows + $quiet)
    Invoke-Tool dotnet (@('build', $interop, '-f', 'net8.0', "-p:DrmmModule=$Packed") + $windows + $quiet)
    Invoke-Tool dotnet (@('build', $interop, '-f', 'net472') + $quiet)
    # Last, so that what a later build finds is of this machine; the simulators' host is in it.
    Invoke-Tool dotnet (@('build', $engine) + $quiet)
}

# The client's and the library's own tests. They build the library with debug assertions, which the engine's use. Those
# that ask cargo which crates there are say nothing of Windows, and Wine starts no cargo.
function Test-WindowsRust {
    $run = "cd '$Checkout' && DRMM_FUZZ_CASES=100000 CARGO_TARGET_DIR=$WindowsCargo cargo test --locked " +
        "--no-fail-fast -p drmm -p drmm-ffi --target $WindowsTarget $Filter -- " +
        '--skip every_crate_ --skip nothing_foreign_ --skip the_committed_notices_'
    Invoke-TestPart 'cargo test under Wine' $LabScript 'sh', $run `
        '(?<passed>\d+) passed; (?<failed>\d+) failed; (?<notrun>\d+) ignored'
}

function Test-WindowsEngine([string] $Packed) {
    $debug = [IO.Path]::Combine($WindowsCargo, $WindowsTarget, 'debug', 'deps', 'drmm_native.dll')
    $variables = "DRMM_MODULE='$(Get-WinePath $Packed)' DRMM_DEBUG_LIBRARY='$(Get-WinePath $debug)'"
    $program = [IO.Path]::Combine($WindowsFolder, 'engine', 'DattoRMM.Engine.Tests.exe')
    Invoke-WithSimulators {
        param($at)
        Invoke-TestPart 'tests/engine under Wine' $LabScript 'sh',
            "cd '$Checkout' && DRMM_SIM_HOST=$at $variables wine '$(Get-WinePath $program)' run '$Filter'" `
            '^(?<passed>\d+) passed; (?<failed>\d+) failed; (?<notrun>\d+) ignored'
    }
}

function Test-WindowsInterop {
    $program = [IO.Path]::Combine($Checkout, 'tests', 'framework', 'bin', 'Release', 'net8.0', 'win-x64',
        'DattoRMM.Framework.Tests.exe')
    Invoke-WithSimulators {
        param($at)
        Invoke-TestPart 'tests/framework under Wine' $LabScript 'sh',
            "DRMM_SIM_HOST=$at wine '$(Get-WinePath $program)'" `
            '^(?<passed>\d+) passed; (?<failed>\d+) failed; (?<notrun>\d+) ignored'
    }
}

function Test-Mono {
    $program = [IO.Path]::Combine($Checkout, 'tests', 'framework', 'bin', 'Release', 'net472',
        'DattoRMM.Framework.Tests.exe')
    Invoke-TestPart 'tests/framework on Mono' $LabScript 'sh', "mono '$program' '$((Get-NativeBuild).Simulator)'" `
        '^(?<passed>\d+) passed; (?<failed>\d+) failed; (?<notrun>\d+) ignored'
}

# Runs what starts simulators from within Wine: they run out here, as children of this host.
function Invoke-WithSimulators([scriptblock] $Run) {
    # The block sees this function's variables, so none may have the name of one of the block's own.
    $server = [IO.Path]::Combine($Checkout, 'tests', 'engine', 'bin', 'Release', 'net10.0', 'DattoRMM.Engine.Tests.dll')
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet', "exec ""$server"" serve")
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $simulators = [Diagnostics.Process]::Start($start)
    try {
        & $Run $simulators.StandardOutput.ReadLine()
    }
    finally {
        $simulators.StandardInput.Close()
        $simulators.WaitForExit()
        $simulators.Dispose()
    }
}

# What Wine calls a path of the chroot.
function Get-WinePath([string] $Path) {
    'Z:' + $Path.Replace('/', '\')
}
