# What the tests of this folder share: dot-source it in BeforeAll, then call Start-Simulator, and Stop-Simulator in
# AfterAll. It runs in Windows PowerShell too, so it is plain ASCII and knows no operator of PowerShell 7.

function Get-Checkout {
    [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
}

# The manifest of the module that is tested; DRMM_MODULE names the folder of another one. (A folder alone could not be
# imported where it has a version for its name.)
function Get-ModulePath {
    $folder = if ($env:DRMM_MODULE) { $env:DRMM_MODULE } else { [IO.Path]::Combine((Get-Checkout), 'out', 'DattoRMM') }
    [IO.Path]::Combine($folder, 'DattoRMM.psd1')
}

# The folder that the package task made, if the module is in one: with the zip, the nupkg and their sums.
function Get-PackageFolder {
    $folder = [IO.Path]::GetFullPath([IO.Path]::Combine((Get-ModulePath), '..', '..', '..'))
    if ([IO.File]::Exists([IO.Path]::Combine($folder, 'SHA256SUMS'))) { $folder }
}

# The simulator's program; DRMM_SIM names another one.
function Get-SimulatorProgram {
    if ($env:DRMM_SIM) {
        return $env:DRMM_SIM
    }
    $target = if ($env:CARGO_TARGET_DIR) { $env:CARGO_TARGET_DIR } else { 'target' }
    $name = if ([IO.Path]::DirectorySeparatorChar -eq '\') { 'drmm-sim.exe' } else { 'drmm-sim' }
    [IO.Path]::Combine((Get-Checkout), $target, 'debug', $name)
}

# Starts a simulator on a free port, imports the module and connects to it. The simulator ends with this process,
# however that ends, because it watches its standard input.
function Start-Simulator([string] $Options = '--devices 40 --sites 3') {
    $start = [Diagnostics.ProcessStartInfo]::new((Get-SimulatorProgram), "--watch-stdin $Options")
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $simulator = $process.StandardOutput.ReadLine() | ConvertFrom-Json
    $simulator | Add-Member -NotePropertyName process -NotePropertyValue $process
    Import-Module (Get-ModulePath) -Force
    Connect-DrmmApi -Url $simulator.url -Key $simulator.key -SecretKey $simulator.secret -ErrorAction Stop
    $simulator
}

# Closes the connection and ends the simulator.
function Stop-Simulator($Simulator) {
    Disconnect-DrmmApi
    $Simulator.process.StandardInput.Close()
    $Simulator.process.WaitForExit()
    $Simulator.process.Dispose()
}

# What the simulator received beside logins and looks at the quota, oldest first.
function Get-Received($Simulator) {
    # The engine of Windows PowerShell gives a list as one object.
    $all = Invoke-RestMethod "$($Simulator.control)/requests"
    $all | Where-Object { $_.path -notin '/auth/oauth/token', '/api/v2/system/request_rate' }
}

# Makes the simulator forget what it received.
function Clear-Received($Simulator) {
    Invoke-RestMethod "$($Simulator.control)/reset" -Method Post
}

# Makes the simulator damage its answers; docs/simulator.md has the rules. Without any it is sound again.
function Set-Fault($Simulator, [string] $Rules) {
    $body = "[$Rules]"
    Invoke-RestMethod "$($Simulator.control)/faults" -Method Put -Body $body -ContentType 'application/json'
}

# Asks the simulator what it received until that is enough.
function Wait-Received($Simulator, [int] $Count) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while (@(Get-Received $Simulator).Count -lt $Count) {
        if ($watch.Elapsed.TotalSeconds -gt 60) {
            throw "The simulator did not receive $Count requests in a minute."
        }
    }
}

# What scripts without any module get: the answer to a GET below /api, as parsed JSON. Windows PowerShell would take the
# text for Latin-1, and gives a list as one object.
function Get-Parsed($Simulator, [string] $Path) {
    if (-not $Simulator.PSObject.Properties['bearer']) {
        $client = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes('public-client:public'))
        $answer = Invoke-RestMethod "$($Simulator.url)/auth/oauth/token" -Method Post `
            -Headers @{ Authorization = "Basic $client" } `
            -Body @{ grant_type = 'password'; username = $Simulator.key; password = $Simulator.secret }
        $Simulator | Add-Member -NotePropertyName bearer -NotePropertyValue "Bearer $($answer.access_token)"
    }
    $answer = Invoke-WebRequest "$($Simulator.url)/api/$Path" -UseBasicParsing `
        -Headers @{ Authorization = $Simulator.bearer }
    [Text.Encoding]::UTF8.GetString($answer.RawContentStream.ToArray()) | ConvertFrom-Json
}

# Puts the folder of the module that is tested in front of the module path, and gives the former path.
function Add-ModulePath {
    $former = $env:PSModulePath
    $folder = Split-Path (Get-ModulePath)
    # A version may be in between.
    if ((Split-Path $folder -Leaf) -ne 'DattoRMM') {
        $folder = Split-Path $folder
    }
    $env:PSModulePath = (Split-Path $folder) + [IO.Path]::PathSeparator + $env:PSModulePath
    $former
}

# Runs a script's file in a new process of this PowerShell, with these variables in its environment.
function Invoke-ScriptFile([string] $File, [string[]] $Arguments = @(), [hashtable] $Variables = @{}) {
    $start = [Diagnostics.ProcessStartInfo]::new((Get-Process -Id $PID).Path)
    $all = @('-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', $File) + $Arguments
    $start.Arguments = ($all | ForEach-Object { '"' + $_ + '"' }) -join ' '
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    foreach ($name in $Variables.Keys) {
        $start.EnvironmentVariables[$name] = $Variables[$name]
    }
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $process = [Diagnostics.Process]::Start($start)
    $errors = $process.StandardError.ReadToEndAsync()
    $output = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    [pscustomobject]@{
        ExitCode = $process.ExitCode
        Output = $output.Trim() -replace "`r", ''
        Errors = $errors.Result.Trim()
        Milliseconds = $watch.ElapsedMilliseconds
    }
}

# The same with the text of a script.
function Invoke-Shell([string] $Script, [hashtable] $Variables = @{}) {
    $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
    # With its mark, so that Windows PowerShell takes it for UTF-8.
    [IO.File]::WriteAllText($file, $Script, [Text.UTF8Encoding]::new($true))
    Invoke-ScriptFile $file -Variables $Variables
}

# The environment from which Connect-DrmmApi connects to this simulator: all but the address, which is not a platform's.
function Get-Environment($Simulator) {
    @{
        DRMM_TEST_MODULE = Get-ModulePath
        DRMM_TEST_URL = $Simulator.url
        DRMM_API_KEY = $Simulator.key
        DRMM_API_SECRET = $Simulator.secret
    }
}
