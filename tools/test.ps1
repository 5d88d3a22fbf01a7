# The functions of build.ps1 that test; it dot-sources this, and what stands here uses what stands there.

# Runs one part of the tests, passes its output on, and adds up what its summary lines say. A runner that fails without
# a failed test, or that ran none, is one failure.
function Invoke-TestPart([string] $Part, [string] $Name, [string[]] $Arguments, [string] $Summary) {
    $passed = 0
    $failed = 0
    $notRun = 0
    "> $Name $Arguments" | Out-Host
    & $Name @Arguments | ForEach-Object {
        $_ | Out-Host
        if ($_ -match $Summary) {
            $passed += $Matches.passed
            $failed += $Matches.failed
            $notRun += $Matches.notrun
        }
    }
    $note = if ($notRun) { "$notRun not run" }
    if ($LASTEXITCODE -ne 0 -and $failed -eq 0) {
        $failed = 1
        $note = "the runner ended with exit code $LASTEXITCODE"
    }
    elseif ($passed + $failed -eq 0 -and -not $Filter) {
        $failed = 1
        $note = 'no test was found'
    }
    [pscustomobject]@{ Part = $Part; Passed = $passed; Failed = $failed; Note = $note }
}

function Test-Rust {
    $arguments = @('test', '--locked', '--workspace', '--no-fail-fast') + @(if ($Filter) { $Filter })
    # What is ignored needs valgrind, and nothing else does.
    if (Get-Command valgrind -CommandType Application -ErrorAction Ignore) {
        $arguments += '--', '--include-ignored'
    }
    Invoke-TestPart 'cargo test' cargo $arguments '(?<passed>\d+) passed; (?<failed>\d+) failed; (?<notrun>\d+) ignored'
}

function Test-Engine {
    $project = 'tests/engine/DattoRMM.Engine.Tests.csproj'
    # The summary is read, so it has to be in English.
    $env:DOTNET_CLI_UI_LANGUAGE = 'en'
    & dotnet build $project @DotnetBuild | Out-Host
    if ($LASTEXITCODE -ne 0) {
        return [pscustomobject]@{ Part = 'tests/engine'; Passed = 0; Failed = 1; Note = 'it does not build' }
    }
    $arguments = @('test', $project, '-c', $Configuration, '--no-build') + @(if ($Filter) { '--filter', $Filter })
    Invoke-TestPart 'tests/engine' dotnet $arguments `
        'Failed: +(?<failed>\d+), Passed: +(?<passed>\d+), Skipped: +(?<notrun>\d+)'
}

# The interop on the runtime of Windows PowerShell, without Windows PowerShell (without Windows: tools/windows.ps1).
function Test-Framework {
    if ([IO.Path]::DirectorySeparatorChar -ne '\') {
        return
    }
    $project = 'tests/framework/DattoRMM.Framework.Tests.csproj'
    & dotnet build $project -f net472 @DotnetBuild | Out-Host
    if ($LASTEXITCODE -ne 0) {
        return [pscustomobject]@{ Part = 'tests/framework'; Passed = 0; Failed = 1; Note = 'it does not build' }
    }
    $program = "tests/framework/bin/$Configuration/net472/DattoRMM.Framework.Tests.exe"
    Invoke-TestPart 'tests/framework' $program (Get-NativeBuild).Simulator `
        '^(?<passed>\d+) passed; (?<failed>\d+) failed; (?<notrun>\d+) ignored'
}

# Pester runs in each PowerShell that there is, or in -Shell, not in the one that runs this.
function Test-Pester {
    $candidates = if ($Shell -match '^\d+\.\d+\.\d+$') {
        $downloads = [IO.Path]::Combine($Checkout, 'out', 'powershell')
        & ([IO.Path]::Combine($PSScriptRoot, 'powershell.ps1')) -Version $Shell -Output $downloads
    }
    elseif ($Shell) { $Shell }
    elseif ([IO.Path]::DirectorySeparatorChar -eq '\') { 'pwsh', 'powershell' }
    else { 'pwsh' }
    $shells = @($candidates | Where-Object { Get-Command $_ -CommandType Application -ErrorAction Ignore })
    if (-not $shells) {
        "tests/pester: not run: no $($candidates -join ' and no ')" | Out-Host
    }
    foreach ($program in $shells) {
        # By default, Windows for clients lets Windows PowerShell run no script.
        $start = '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-Command'
        $pester = 'Get-Module Pester -ListAvailable | Where-Object { $_.Version.Major -eq 5 }'
        & $program @start "exit -not ($pester)"
        if ($LASTEXITCODE -ne 0) {
            "tests/pester: not run in ${program}: no Pester 5" | Out-Host
            continue
        }
        # No double quotes in it: Windows PowerShell loses them on the way.
        $run = "Import-Module Pester -MinimumVersion 5.0 -MaximumVersion 5.99.99; " +
            "`$result = Invoke-Pester tests/pester -FullNameFilter '*$Filter*' -PassThru; " +
            '''{0} passed; {1} failed; {2} ignored'' -f ' +
            '$result.PassedCount, $result.FailedCount, $result.SkippedCount; ' +
            'exit $result.Result -ne ''Passed'''
        Invoke-TestPart "tests/pester in $program" $program ($start + $run) `
            '^(?<passed>\d+) passed; (?<failed>\d+) failed; (?<notrun>\d+) ignored'
    }
}

# What can be seen in the packed files without running them, for all platforms.
function Test-PackedFile {
    if (-not [IO.Directory]::Exists($PackageFolder)) {
        throw "There is no $PackageFolder; the package task makes it."
    }
    $Filter = 'FullyQualifiedName~DattoRMM.Tests.Package'
    $part = Test-Engine
    if ($part.Passed + $part.Failed -eq 0) {
        $part.Failed = 1
    }
    $part
}

# Runs Pester on the packaged module, and on nothing else that was built here but the simulator.
function Test-Package {
    $folder = $Package
    if (-not $folder) {
        $folder = [IO.Path]::Combine($PackageFolder, 'DattoRMM', (Get-Version))
    }
    if (-not [IO.File]::Exists([IO.Path]::Combine($folder, 'DattoRMM.psd1'))) {
        throw "There is no module in $folder; the package task makes one."
    }
    # The tests read both (tests/pester/Fixture.ps1).
    $env:DRMM_MODULE = $folder
    if ($Simulator) {
        $env:DRMM_SIM = Get-SimulatorProgram
    }
    elseif (-not $env:DRMM_SIM) {
        Build-Simulator
    }
    $parts = @(Test-Pester)
    if ($parts) {
        return $parts
    }
    [pscustomobject]@{ Part = 'tests/pester'; Passed = 0; Failed = 1; Note = 'there is nothing to run it' }
}

# What -Simulator names, so that it runs.
function Get-SimulatorProgram {
    $program = $Simulator
    if ([IO.Directory]::Exists($program)) {
        $name = if ([IO.Path]::DirectorySeparatorChar -eq '\') { 'drmm-sim.exe' } else { 'drmm-sim' }
        $program = [IO.Path]::Combine($program, $name)
    }
    if (-not [IO.File]::Exists($program)) {
        throw "There is no $program."
    }
    if ([IO.Path]::DirectorySeparatorChar -eq '/') {
        # An archive that it came in may have lost this.
        Invoke-Tool chmod '+x', $program
    }
    $program
}

function Test-Everything {
    try {
        Build-Module
        $parts = @(Test-Rust; Test-Engine; Test-Framework; Test-Pester)
        if ($Filter -and -not $parts.Where({ $_.Passed + $_.Failed })) {
            $parts += [pscustomobject]@{ Part = 'filter'; Passed = 0; Failed = 1; Note = "no test is called *$Filter*" }
        }
    }
    catch {
        $_ | Out-Host
        $parts = @([pscustomobject]@{ Part = 'build'; Passed = 0; Failed = 1; Note = 'nothing was tested' })
    }
    Complete-Test $parts
}

# Adds the parts up; the last line is for those who read no more.
function Complete-Test([object[]] $Parts) {
    $Parts | Out-Host
    $passed = 0
    $failed = 0
    foreach ($part in $Parts) {
        $passed += $part.Passed
        $failed += $part.Failed
    }
    "$passed passed, $failed failed"
    # What the last program ended with says nothing.
    exit [int] ($failed -ne 0)
}
